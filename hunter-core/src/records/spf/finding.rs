//! What deserves a word about an SPF record.

use crate::records::finding::finding_kinds;

finding_kinds! {
    /// Kinds of findings about one SPF record and those beside it. Whatever breaks the grammar makes
    /// every check end in a permanent error (RFC 7208 §4.6).
    pub enum SpfFindingKind {
        /// More than one record stands at the name (§4.5).
        SeveralRecords = "spf_several_records", Void;
        /// Begins like SPF after a blank or a quotation mark, so that it is no SPF record (§4.5).
        LeadingBlank = "spf_leading_blank", Void;
        /// Begins like SPF with another version or without a blank behind it (§4.5).
        WrongVersion = "spf_wrong_version", Void;
        /// A word that is no mechanism and no modifier (§4.6.1).
        UnknownTerm = "spf_unknown_term", Void;
        /// A character outside visible ASCII (§4.6.1, §3.1).
        BadCharacter = "spf_bad_character", Void;
        /// A mechanism or modifier without the argument that it needs.
        MissingArgument = "spf_missing_argument", Void;
        /// An argument where none may stand, such as `all:x` or `ptr/24`.
        UnwantedArgument = "spf_unwanted_argument", Void;
        /// A domain-spec that does not end in a top label or a macro (§7.1).
        BadDomain = "spf_bad_domain", Void;
        /// A `%` that starts no macro (§7.1).
        BadMacro = "spf_bad_macro", Void;
        /// Not an IPv4 or IPv6 address where one must stand (§5.6).
        BadAddress = "spf_bad_address", Void;
        /// A prefix length out of range, with a leading zero or empty (§5.6).
        BadPrefixLength = "spf_bad_prefix_length", Void;
        /// `redirect` or `exp` stands twice (§6).
        RepeatedModifier = "spf_repeated_modifier", Void;
        /// `+all`: whoever sends passes.
        PassAll = "spf_pass_all", Advice;
        /// `?all`: the record says nothing of other senders.
        NeutralAll = "spf_neutral_all", Advice;
        /// Neither `all` nor `redirect`: other senders are neutral (§4.7).
        NoAll = "spf_no_all", Advice;
        /// A mechanism behind `all` is never tested (§5.1).
        AfterAll = "spf_term_after_all", Ignored;
        /// `redirect` beside `all` is ignored (§6.1).
        RedirectBesideAll = "spf_redirect_beside_all", Ignored;
        /// `ptr` should not be published (§5.5).
        Ptr = "spf_ptr", Advice;
        /// The macro `%{p}` should not be published (§7.2).
        ValidatedNameMacro = "spf_macro_p", Advice;
        /// A modifier that RFC 7208 does not know; receivers ignore it (§6).
        UnknownModifier = "spf_unknown_modifier", Ignored;
        /// The same mechanism stands twice; the second never decides.
        RepeatedTerm = "spf_repeated_term", Advice;
        /// A name that cannot be asked for: an empty label, or one that is too long (§4.3).
        UnusableName = "spf_unusable_name", Advice;
        /// Over 450 octets, so that the answer may not fit a UDP packet of 512 (§3.4).
        Long = "spf_long", Advice;
        /// More DNS-querying terms in this record alone than a check may follow (§4.6.4).
        TooManyLookups = "spf_too_many_lookups", Void;
    }
}
