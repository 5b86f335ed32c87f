### What the findings mean. Readings and tails are written for the seller; points and questions are said aloud to the
### customer. No sentence says more than the records show.

## Readings, with the records quoted.

showing-records =
    { $count ->
        [1] A record that shows
       *[other] Records that show
    }
suggesting-records =
    { $count ->
        [1] A record that suggests
       *[other] Records that suggest
    }
plain-records =
    { $count ->
        [1] A record
       *[other] Records
    }

finding-established-customer =
    { showing-records } the mailboxes at Microsoft: { $records }. SPF and DKIM are published and a DMARC policy is in
    force, so the basics look done. Build the call on Defender, Intune, Copilot and the renewal date.
finding-basics-undone =
    { showing-records } the mailboxes at Microsoft: { $records }. DKIM or a DMARC policy in force appears to be missing;
    a short check of mail authentication is a first step with a quick result.
finding-gateway-consolidation =
    { showing-records } a separate product in front of the Microsoft mailboxes: { $records }. The company may be paying
    for protection twice; ask for the Microsoft plan and the gateway's contract before you say so. If the gateway stays,
    Enhanced Filtering for Connectors is worth a look as well.
finding-old-tenant =
    { plain-records } that may be left from an early set-up: { $records }. There is no enterpriseenrollment record that
    would send devices to Intune; the plan may be Business Basic or Business Standard, which the records do not show. A
    fair opening for Business Premium.
finding-unmaintained-tenant =
    { plain-records } that may not have been looked at for a long time: { $records }. Only Microsoft 365 operated by
    21Vianet needs an msoid record today; in other tenants it can get in the way of Office activation.
finding-dormant-tenant =
    { showing-records } that a Microsoft tenant was set up: { $records }. Incoming mail shows no Microsoft. The tenant
    may serve Teams, OneDrive or Office, or be a trial that was left; the records do not show which licences it holds.
    If the identities are there, a move is easier: find out first who the global administrator is.
finding-tenant-claimed =
    { showing-records } that somebody wanted to add the domain to a Microsoft tenant: { $records }. It is a proof of
    ownership and no more: it shows neither that there is a tenant today nor that one is used. Ask whether Microsoft 365
    was tried.
finding-split-estate =
    Mail is at Google, while device registration goes to Microsoft: { $records }. Two platforms may be run side by side;
    bringing them together with Business Premium or E3 is worth a talk.
finding-hybrid =
    { suggesting-records } an Exchange hybrid set-up: { $records }. The SPF record allows Exchange Online to send, while
    incoming mail and Outlook clients go to servers under the company's own domain. Ask for the server's version; if its
    support has ended, a move or Exchange Server Subscription Edition comes up.
finding-own-servers-behind-gateway =
    Behind the gateway neither Microsoft nor Google shows, and the SPF record allows server addresses to send directly:
    { $records }. There may be a mail server on premises or a hosting service behind it; if so, the topic is migration.
finding-forwarding =
    { showing-records } that a forwarding service takes the mail: { $records }. The records do not show where it is
    passed on to; ask where the mailboxes are.
finding-federated-identity =
    When asked about sign-in, Microsoft reports the domain as federated: { $records }. AD FS or another identity
    provider signs the users in, so the project may include identity.
finding-mailbox-by-traces =
    The conclusion about the mailboxes rests on
    { $count ->
        [1] this record
       *[other] these records
    }: { $records }.

## Tails of the one-liner.

tail-dormant-tenant = ; the records show that a Microsoft tenant was set up
tail-tenant-claimed = ; somebody appears to have wanted to add the domain to a Microsoft tenant
tail-split-estate = ; device registration appears to go to Microsoft
tail-hybrid = ; it may be an Exchange hybrid set-up

## Points of the call.

script-gateway-consolidation =
    As far as we can see, your mail reaches Microsoft 365 through a separate security gateway; if your plan includes
    Defender for Office 365, we can compare the two with you and simplify.
script-old-tenant =
    Your records may show traces of an early set-up; we could look together at whether Business Premium, which includes
    device management, suits you.
script-unmaintained-tenant =
    There is an old record named msoid in your DNS; since it can get in the way of Office activation, let us check
    together whether it is still needed.
script-dormant-tenant =
    A Microsoft tenant appears to have been set up for your domain; if you still have access to it, a move may not have
    to start from scratch.
script-split-estate =
    As far as we can see, your mail is at Google while device registration goes to Microsoft; we can work out with you
    what it would bring to have both on one platform.
script-hybrid =
    Your records suggest that your own server and Exchange Online work together; we can plan with you how to move the
    mailboxes that are left on the server, or how to renew it.
script-own-servers-behind-gateway =
    We see that your mail passes a security gateway; if moving or renewing the mail server behind it is on your agenda,
    we can draw up the options together.

## Questions.

ask-established-customer = Are Defender, Intune and Copilot part of your licences, or on your agenda?
ask-basics-undone = Who looks after your SPF, DKIM and DMARC settings today?
ask-gateway-consolidation = Does your Microsoft plan include Defender for Office 365, and if so, is it switched on?
ask-old-tenant = Do you manage your computers and phones with Intune, or with another tool?
ask-unmaintained-tenant = Who manages your DNS records today?
ask-dormant-tenant =
    Who is the global administrator of the Microsoft tenant that appears to have been set up for your domain, and do any
    of your teams use Teams, OneDrive or Office today?
ask-tenant-claimed = Have you tried Microsoft 365 before, and if so, who opened the tenant?
ask-split-estate = Do you manage your devices at Microsoft, and which licence do you use for that?
ask-hybrid =
    Do you have an Exchange server of your own, and if so, which version does it run and how many mailboxes are left on
    it?
ask-forwarding = To which address or system is your incoming mail passed on?
ask-federated-identity =
    Do your users sign in through AD FS, Okta or another service, and are you thinking of simplifying that?
ask-dmarc-test-mode = When do you plan to end the test period of your DMARC record?
