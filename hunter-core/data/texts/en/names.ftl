### Dates, sums, lists and names. A line break inside a message reads as a blank.

date =
    { $day } { $month ->
        [1] January
        [2] February
        [3] March
        [4] April
        [5] May
        [6] June
        [7] July
        [8] August
        [9] September
        [10] October
        [11] November
       *[12] December
    } { $year }

sum =
    { $currency ->
        [EUR] €{ $amount }
        [USD] ${ $amount }
        [GBP] £{ $amount }
       *[other] { $amount } { $currency }
    }

number-group = ,
number-decimal = .

list-comma = { $first }, { $last }
list-and = { $first } and { $last }

timeline =
    { $timeline ->
        [day] 24 hours
        [three-days] 3 days
        [week] a week
       *[month] a month
    }

segment-name =
    { $segment ->
        [migration] migration
        [existing] existing customer
        [cold] cold lead
        [skip] skip
       *[none] undecided
    }

size-name =
    { $size ->
        [small] small, 1–50 users
        [medium] medium, 51–500 users
        [large] large, 501 users and more
       *[unknown] unknown
    }

level-name =
    { $level ->
        [high] high
        [medium] medium
       *[low] low
    }

# What stands in for a provider's name where only the class is known.
class-name =
    { $class ->
        [m365] Microsoft 365
        [google] Google Workspace
        [yandex] Yandex 360
        [zoho] Zoho Mail
        [amazon] Amazon
        [sendgrid] SendGrid
        [mailgun] Mailgun
        [hosting] a hosting service
        [local] a local mail server
       *[unknown] an unknown provider
    }

signal-name =
    { $signal ->
        [provider] the mail provider
        [spf] SPF
        [dkim] DKIM
       *[dmarc] DMARC
    }

country-name =
    { $country ->
        [TR] Türkiye
        [DE] Germany
        [US] the United States
        [NL] the Netherlands
        [GB] the United Kingdom
        [FR] France
        [IE] Ireland
        [IT] Italy
        [ES] Spain
        [BE] Belgium
        [CH] Switzerland
        [AT] Austria
        [BG] Bulgaria
        [GR] Greece
        [FI] Finland
        [SE] Sweden
        [PL] Poland
        [RU] Russia
        [AZ] Azerbaijan
        [CY] Cyprus
        [AE] the United Arab Emirates
       *[other] { $country }
    }

## Headings of the plain-text summary.

heading-segment = Segment
heading-provider = Mail provider
heading-security = Security
heading-script = Call script
heading-hooks = Current topics for the call
heading-questions = Questions to ask
heading-offer = Offer
heading-potential = Potential
heading-urgency = Urgency
heading-next-step = Next step
heading-note = Internal note
