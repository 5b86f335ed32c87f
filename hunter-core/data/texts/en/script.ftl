### What the seller says aloud, addressed to the customer.

greeting =
    { $seller ->
        [full] Hello, { $seller-name } from { $seller-company } here.
        [name] Hello, { $seller-name } here.
        [company] Hello, { $seller-company } here.
       *[nobody] Hello, and good day.
    }

## Cold: soft opening, observation, open invitation.

script-cold-opening =
    { $greeting } I am calling for a short introduction; could I speak to the person at { $who } who looks after
    e-mail?
script-cold-observation-high =
    We looked at the public records of { $domain } and saw something that you should know: { $clauses }.
script-cold-observation-medium =
    We looked at the public records of { $domain }, and one point deserves a look: { $clauses }.
script-cold-observation-low =
    We looked at the public records of { $domain } and found no fault in those that we could see: { $clauses }. If
    anything else about e-mail gives you trouble, we would like to hear it.
script-cold-observation-unknown =
    We have no answer yet for the mail authentication records of { $domain }, so I would rather ask you directly: is
    everything fine with your e-mail?
script-cold-invitation =
    If now is not a good time, that is no problem at all; we can send what we found on one page and talk whenever it
    suits you.

# What the faults mean for the customer.
effect =
    { $consequence ->
        [forgery] As it stands, receivers find it hard to recognise forged mail that uses your domain.
        [delivery] As it stands, mail that you send yourselves may be held up at the other end.
        [gap] Having these records complete makes it easier for your mail to be trusted.
       *[partial] Once the old pct tag is gone, it is clear that your policy covers all of your mail.
    }

## Migration: opening, proxy note, value by size, closing by score band.

script-migration-opening-named =
    { $greeting } As far as the public records show, your e-mail runs on { $provider } today; if a move to Microsoft 365
    is on your agenda, we would like to talk about how we can help.
script-migration-opening-own =
    { $greeting } As far as the public records show, your e-mail goes to a server under your own domain; if a move to
    Microsoft 365 is on your agenda, we would like to talk about how we can help.
script-migration-opening-other =
    { $greeting } I am calling about the e-mail set-up of { $domain }; we would like to look together at whether a move
    to Microsoft 365 makes sense for you.
script-migration-proxy =
    The IP address of your server shows as a proxy; when planning the move we would like to go through your network with
    you as well.
script-migration-value =
    { $size ->
        [small] For a team of your size we plan the move around your working hours; e-mail, calendar and files come
            together in one place.
        [medium] At your size we plan the move department by department; users and security settings can be managed from
            one place.
        [large] At your size we begin with a pilot group and take your security and compliance needs into the plan from
            the start.
       *[unknown] We plan the move to fit the size of your team; knowing how many users you have would be a good start.
    }
script-migration-closing =
    { $band ->
        [top] If it suits you, let us set half an hour this week for a migration plan; which day is good for you?
        [high] If you can spare half an hour in the coming days, let us draw up the plan together; when would suit you?
        [middle] If you like, we can begin with a short assessment and talk about the result together.
        [low] There is no hurry; let us send you a short note first and talk if you have questions.
       *[unknown] If you like, let us go through your present set-up first; you can decide on the rest then.
    }

## Existing customer: opening, hardening offer, closing.

script-existing-opening-named =
    { $greeting } As far as the public records show, your e-mail runs on { $provider }; I wanted to ask how happy you are
    with your set-up.
script-existing-opening-other =
    { $greeting } I am calling about your Microsoft set-up; I wanted to ask how you use it today and how happy you are
    with it.
script-existing-hardening =
    { $risk ->
        [high] We looked at the public records of { $domain }: { $clauses }. { $effect } If you like, let us put this
            right together.
        [medium] We looked at the public records of { $domain }: { $clauses }. { $effect } If you like, let us finish
            this together.
       *[low] We looked at the public records of { $domain } and found no fault in those that we could see: { $clauses }.
            As a next step we could go through your anti-phishing and device management settings.
    }
script-existing-hardening-unknown =
    We have no answer yet for the mail authentication records of { $domain }; if you like, let us go through your SPF,
    DKIM and DMARC settings together.
script-existing-closing =
    { $band ->
        [top] Shall we go through your licences and added security options before your renewal date?
        [high] Shall we set half an hour for a review before your renewal date?
        [middle] We would like to offer you a short e-mail security check; you get the result in writing as well.
        [low] We would like to offer you a short check that starts with the basics; tell us a day that suits you.
       *[unknown] If you like, let us first take stock of your present set-up; tell us a day that suits you.
    }

## Skip, and leads without a segment: two neutral points.

script-skip-opening = { $greeting } I am calling to learn who at { $who } looks after e-mail.
script-skip-without-mail =
    We saw no record for receiving e-mail on { $domain }; do you have another domain for your correspondence?
script-skip-closing = We have nothing to propose today; should you need something later, we will gladly help.
script-none-question =
    The records gave us no clear picture; may I ask which system you use for e-mail today?

## Discovery questions.

ask-migration-pain = What gives you the most trouble in the e-mail system that you use today?
ask-migration-date = Do you have a date in mind for a move, or anything about it that worries you?
ask-existing-licence = Which Microsoft licences do you use, and when do they renew?
ask-existing-support = Who looks after your licences and support today?
ask-cold-today = How do you handle e-mail and file sharing today?
ask-cold-change = Are you thinking of a change there within the next year?
ask-skip-domain = Do you use another domain for your correspondence?
ask-skip-change = Has anything in your set-up changed lately, or is it about to?
ask-none-system = Which system do you use for e-mail today?

ask-provider =
    { $class ->
        [m365] Which Microsoft 365 applications do you use besides e-mail?
        [google] When does your Google Workspace contract renew, and do you use Drive and Calendar besides Gmail?
        [yandex] How many Yandex mailboxes do you have, and how much data do they hold?
        [zoho] Which Zoho applications do you use besides e-mail?
        [amazon] Do you use the Amazon service for employees' mailboxes, or for mail that applications send?
        [sendgrid] Apart from SendGrid, which system holds your employees' mailboxes?
        [mailgun] Apart from Mailgun, which system holds your employees' mailboxes?
        [hosting] Is e-mail part of your web hosting package, and when does the package end?
        [local] Who supports your e-mail service, and who is responsible for its backup?
       *[unknown] Which system holds your mailboxes today?
    }
ask-own-server = Where is your mail server hosted, which software does it run, and who makes its backups?
ask-gateway =
    When does the contract for your { $gateway } security gateway end, and which of its features could you not do without?
ask-tenant = Which applications do you use in your Microsoft tenant today, and who is its global administrator?

ask-size =
    { $size ->
        [small] How many people use e-mail, and do you have shared mailboxes?
        [medium] At how many locations do your users work, and how do you manage the devices of those who work remotely?
        [large] How are your directory and sign-in set up (Active Directory, single sign-on), and which compliance rules
            apply to you?
       *[unknown] How many users do you have in all, and how many of them use e-mail?
    }
ask-budget = Is there a budget for this already, or would it be planned during the year?
ask-decision = Who takes part in the decision, and who does the technical assessment?
ask-time = What timing suits you: this quarter, or later?
