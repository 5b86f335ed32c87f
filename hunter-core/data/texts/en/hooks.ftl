### Dated facts for the call, named by data/hooks.toml. Said aloud to the customer.

hook-smtp-auth-basic =
    Microsoft has announced that password sign-in for SMTP AUTH will be switched off by default for existing customers at
    the end of December 2026; administrators will be able to switch it on again. Do printers, scanners or applications of
    yours send mail that way?
hook-exchange-end-of-support =
    Does your mail server run Exchange 2016 or 2019? Support for these versions ended on { $date }.
hook-bulk-senders =
    Since { $date } Outlook.com asks domains that send it more than 5,000 messages a day for SPF, DKIM and DMARC of at least
    p=none. There is no DMARC record for { $domain }; do you send bulk mail?
hook-price-rise =
    Microsoft 365 list prices rose for many plans on { $date }, and the rise reaches each customer at its own renewal date.
    When do you renew?
hook-gateway-defender =
    Defender for Office 365 Plan 1 is now part of the E3 plans as well as of Business Premium. If you are on one of these,
    would you like to compare the two before you renew the contract for your security gateway?
hook-isimtescil-txt =
    Your records show İsimtescil. If you manage your domain in its panel, TXT records may be limited to 255 characters,
    which cuts 2048-bit DKIM keys; keys given by CNAME are not affected. Have you run into this problem?
hook-mx-microsoft =
    Your MX record ends in mx.microsoft; since July 2026 Microsoft gives this name to newly added domains. Did you add your
    domain to Microsoft 365 only recently?
