use time::macros::date;

use super::{DayMonth, date as read};

#[test]
fn the_forms_of_registries() {
    for (text, expected) in [
        ("2013-07-08T19:35:53.187695+03:00", date!(2013 - 07 - 08)),
        ("2028-09-13T07:00:00.000+0000", date!(2028 - 09 - 13)),
        ("2001-Aug-23.", date!(2001 - 08 - 23)),
        ("20140921", date!(2014 - 09 - 21)),
        ("20110426 17:57:27", date!(2011 - 04 - 26)),
        ("0-UANIC 20020903000000", date!(2002 - 09 - 03)),
        ("OK-UNTIL 20140903121852", date!(2014 - 09 - 03)),
        ("cm@nic.priv.at 20021013", date!(2002 - 10 - 13)),
        ("19990518 #128109", date!(1999 - 05 - 18)),
        ("2010. 08. 12.", date!(2010 - 08 - 12)),
        ("2010/07/07", date!(2010 - 07 - 07)),
        ("2003.03.25 12:00:00", date!(2003 - 03 - 25)),
        ("30.01.2006 18:55:00", date!(2006 - 01 - 30)),
        ("21.6.2012", date!(2012 - 06 - 21)),
        ("15/03/2004 hostmaster@ornek.fr", date!(2004 - 03 - 15)),
        ("06-04-2004", date!(2004 - 04 - 06)),
        ("04/23/2014", date!(2014 - 04 - 23)),
        ("13-MAY-2009", date!(2009 - 05 - 13)),
        ("30-Oct-2008 22:54:15 UTC", date!(2008 - 10 - 30)),
        ("17 April 2012", date!(2012 - 04 - 17)),
        ("2nd April, 2001", date!(2001 - 04 - 02)),
        ("Wednesday 30th Mar 2011", date!(2011 - 03 - 30)),
        ("Registered on 02nd August 2000", date!(2000 - 08 - 02)),
        ("18 Apr 2003 00:00 EAT", date!(2003 - 04 - 18)),
        ("May 22 2002", date!(2002 - 05 - 22)),
        ("October  9, 2012", date!(2012 - 10 - 09)),
        ("Tue Dec 12 2000", date!(2000 - 12 - 12)),
        ("Tue Feb 10 09:42:42 2004", date!(2004 - 02 - 10)),
        ("Tue Oct 04 21:44:27 GMT 2005", date!(2005 - 10 - 04)),
        ("23 de agosto de 2012 (10:10:08 GMT)", date!(2012 - 08 - 23)),
        ("before Aug-1996", date!(1996 - 08 - 01)),
        ("before 19950101", date!(1995 - 01 - 01)),
        ("30th April 2003 at 00:00:00.000", date!(2003 - 04 - 30)),
        ("2999-12-31", date!(2999 - 12 - 31)),
        ("11-Oct-99", date!(1999 - 10 - 11)),
    ] {
        assert_eq!(read(text, DayMonth::DayFirst), Some(expected), "{text}");
    }
}

#[test]
fn what_is_no_date_is_none() {
    for text in
        ["", "null", "not defined", "0000-00-00", "Aug-1996", "2013-02-30", "1.2.3.4", "15 May"]
    {
        assert_eq!(read(text, DayMonth::DayFirst), None, "{text}");
    }
}

#[test]
fn a_named_zone_moves_the_date_to_utc_and_no_zone_leaves_it() {
    for (text, expected) in [
        ("2014-06-30 00:00:00 EEST", date!(2014 - 06 - 30)),
        ("2014-06-30 00:00:00 (UTC+8)", date!(2014 - 06 - 30)),
        ("2014-06-30 01:00:00 EEST", date!(2014 - 06 - 29)),
        ("2014-06-30 00:00:00+03", date!(2014 - 06 - 29)),
        ("2014-06-30 00:00:00", date!(2014 - 06 - 30)),
        ("2012/08/01 00:29:53 (JST)", date!(2012 - 07 - 31)),
        ("2013-07-18 23:15:38-05", date!(2013 - 07 - 19)),
        ("2013-07-18 23:15:38 GMT-05:00", date!(2013 - 07 - 19)),
        ("2013-07-18 00:15:38+0300", date!(2013 - 07 - 17)),
        ("Mon Jan 01 00:15:38 MSK 2024", date!(2023 - 12 - 31)),
    ] {
        assert_eq!(read(text, DayMonth::DayFirst), Some(expected), "{text}");
    }
}

#[test]
fn the_order_of_day_and_month_is_a_hint_or_a_proof() {
    assert_eq!(read("03/04/2014", DayMonth::DayFirst), Some(date!(2014 - 04 - 03)));
    assert_eq!(read("03/04/2014", DayMonth::MonthFirst), Some(date!(2014 - 03 - 04)));
    assert_eq!(DayMonth::hinted("Creation Date (dd/mm/yyyy)"), Some(DayMonth::DayFirst));
    assert_eq!(DayMonth::hinted("MM-DD-YYYY"), Some(DayMonth::MonthFirst));
    assert_eq!(DayMonth::hinted("yyyy-mm-dd"), Some(DayMonth::MonthFirst));
    assert_eq!(DayMonth::hinted("Created"), None);
    assert_eq!(DayMonth::proved("on 23/04/2014"), Some(DayMonth::DayFirst));
    assert_eq!(DayMonth::proved("04-23-2014 10:00"), Some(DayMonth::MonthFirst));
    assert_eq!(DayMonth::proved("03/04/2014"), None);
}
