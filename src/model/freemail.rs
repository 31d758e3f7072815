//! Mail providers for everybody: who shares one of these domains is no colleague. Data, not law: a domain that is missing
//! makes strangers colleagues, which pauses too much; one too many makes colleagues strangers.
//!
//! Two lists: domains, and brands that have one under many endings (`yahoo.de`, `yahoo.co.jp`). What belongs to an access
//! provider (`t-online.de`, `comcast.net`) is here as well, for its customers have nothing in common either.

use super::Address;

/// Brands: the first label of a domain of two labels, or of three whose second is `co`, `com`, `ne` or `or`.
const BRANDS: &[&str] = &[
    "aol", "fastmail", "gmx", "googlemail", "hotmail", "hushmail", "live", "mailfence", "msn", "outlook", "protonmail", "rocketmail",
    "runbox", "terra", "tiscali", "tuta", "tutanota", "yahoo", "yandex", "ymail", "zohomail",
];

/// Domains, in order.
const DOMAINS: &[&str] = &[
    "123mail.org", "126.com", "139.com", "163.com", "163.net", "188.com", "189.cn", "1and1.com", "21cn.com", "9online.fr",
    "a1.net", "abv.bg", "accountant.com", "adelphia.net", "aim.com", "alice.it", "aliceadsl.fr", "aliyun.com", "alltel.net", "ameritech.net", "aon.at", "apost.plus",
    "arcor.de", "aruba.it", "asia.com", "att.net", "azet.sk", "bell.net", "bellsouth.net", "bigpond.com", "bigpond.net.au", "bk.ru", "blueyonder.co.uk", "bluemail.ch", "bluewin.ch",
    "bol.com.br", "bredband.net", "bresnan.net", "btconnect.com", "btinternet.com", "btopenworld.com", "cable.comcast.com", "caiway.nl", "casema.nl", "centrum.cz", "centrum.sk", "centurylink.net", "centurytel.net",
    "charter.net", "chello.at", "chello.nl", "citromail.hu", "club-internet.fr", "comcast.net", "consultant.com", "cox.net", "cs.com", "daum.net", "dbmail.com", "disroot.org", "docomo.ne.jp", "duck.com",
    "earthlink.net", "eircom.net", "email.com", "email.cz", "email.de", "email.it", "embarqmail.com", "engineer.com", "eunet.at", "europe.com", "excite.com", "ezweb.ne.jp", "fastmail.fm",
    "fastwebnet.it", "fibertel.com.ar", "foxmail.com", "free.fr", "freemail.hu", "freenet.de", "freenet.at", "frontier.com", "frontiernet.net", "gmail.com", "globo.com", "globomail.com", "gmx.net", "hanmail.net", "hetnet.nl", "hey.com", "hinet.net", "hispeed.ch",
    "home.nl", "home.se", "hotmail.be", "hushmail.com", "i.softbank.jp", "i.ua", "ibest.com.br", "icloud.com", "ig.com.br", "iinet.net.au", "in.com", "inbox.com", "inbox.lv", "inbox.ru", "inode.at", "inwind.it", "iol.ie",
    "iol.it", "iprimus.com.au", "juno.com", "keemail.me", "kpnmail.nl", "kpnplanet.nl", "laposte.net", "lavabit.com", "libero.it", "list.ru", "live.ca", "lycos.com", "mac.com", "mail.bg", "mail.com", "mail.de", "mail.ee", "mail.ru", "mailbox.org", "mailo.com", "mail2000.com.tw", "me.com",
    "meta.ua", "mindspring.com", "mm.st", "mopera.net", "msa.hinet.net", "mts.net", "mweb.co.za", "my.com", "myself.com", "nate.com", "naver.com", "neostrada.pl", "neuf.fr", "netcologne.de", "netscape.net", "netvigator.com", "netzero.net", "nifty.com", "nifty.ne.jp",
    "ntlworld.com", "numericable.fr", "o2.co.uk", "o2.pl", "o2online.de", "ocn.ne.jp", "oi.com.br", "online.de", "online.nl", "online.no", "onet.eu", "onet.pl", "op.pl", "openmailbox.org", "optimum.net", "optonline.net", "optusnet.com.au", "orange.es", "orange.fr", "otenet.gr", "outlook.fr", "ozemail.com.au",
    "pacbell.net", "pandora.be", "planet.nl", "plala.or.jp", "pm.me", "pobox.com", "poczta.fm", "poczta.onet.pl", "posteo.de", "posteo.net", "posta.ge", "post.cz", "proton.me", "prodigy.net", "qq.com", "quicknet.nl", "qwest.net", "r7.com", "rambler.ru", "rediffmail.com", "riseup.net", "roadrunner.com", "rogers.com", "rr.com",
    "sapo.pt", "sbcglobal.net", "scarlet.be", "seznam.cz", "sfr.fr", "shaw.ca", "sina.cn", "sina.com", "sina.com.cn", "singnet.com.sg", "sky.com", "skynet.be", "so-net.ne.jp", "softbank.ne.jp", "sohu.com", "spray.se", "suddenlink.net", "sunrise.ch", "swbell.net", "sympatico.ca", "t-online.de", "t-online.hu", "talk21.com", "talktalk.net", "tele2.nl", "telefonica.net", "telekom.de", "telenet.be", "telfort.nl", "telia.com", "telus.net", "terra.com.br", "tim.it", "tin.it", "tlen.pl", "tom.com",
    "tutamail.com", "tuta.io", "tutanota.com", "twc.com", "uol.com.br", "ukr.net", "unitybox.de", "upcmail.nl", "usa.com", "usa.net", "verizon.net", "versatel.nl", "videotron.ca", "vip.163.com", "vip.qq.com", "virgilio.it", "virgin.net", "virginmedia.com", "vodafone.de", "vodafone.it", "vodafone.nl", "vodamail.co.za", "volny.cz", "wanadoo.es", "wanadoo.fr", "wanadoo.nl",
    "walla.co.il", "walla.com", "web.de", "webmail.co.za", "webtv.net", "westnet.com.au", "windowslive.com", "windstream.net", "wp.eu", "wp.pl", "xs4all.nl", "xtra.co.nz", "ya.ru", "yeah.net", "ybb.ne.jp", "ymail.com", "zeelandnet.nl", "ziggo.nl", "zoho.com", "zoho.eu", "zonnet.nl",
    // Addresses that hide another one: nobody's company.
    "anonaddy.me", "firefoxmail.com", "mozmail.com", "passmail.net", "privaterelay.appleid.com", "relay.firefox.com", "simplelogin.com", "simplelogin.co", "slmail.me",
];

/// Whether anybody can have an address at this domain, lower case.
#[must_use]
pub fn is_freemail(domain: &str) -> bool {
    let labels: Vec<&str> = domain.split('.').collect();
    let brand = match labels.as_slice() {
        [brand, _] | [brand, "co" | "com" | "ne" | "or", _] => Some(brand),
        _ => None,
    };
    brand.is_some_and(|brand| BRANDS.contains(brand)) || DOMAINS.contains(&domain)
}

impl Address {
    /// The domain of the company that the address belongs to; `None` when it is one of a provider for everybody.
    #[must_use]
    pub fn company(&self) -> Option<&str> {
        Some(self.domain()).filter(|domain| !is_freemail(domain))
    }

    /// The domains at which colleagues of this address may be: its own, and those above it, for departments and servers
    /// have names below the company's (`jane@mail.acme.com`). Empty when the address is of a provider for everybody.
    #[must_use]
    pub fn companies(&self) -> Vec<&str> {
        let mut found = Vec::new();
        let mut rest = self.company();
        while let Some(domain) = rest.filter(|domain| domain.contains('.') && !is_freemail(domain)) {
            found.push(domain);
            rest = domain.split_once('.').map(|(_, above)| above);
        }
        found.truncate(super::limits::COMPANY_DOMAINS);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Address {
        Address::parse(text).expect("an address")
    }

    #[test]
    fn a_provider_for_everybody_is_no_company() {
        for domain in [
            "gmail.com", "googlemail.com", "yahoo.com", "yahoo.co.uk", "yahoo.com.br", "yahoo.ne.jp", "hotmail.fr", "outlook.com", "live.co.uk", "msn.com",
            "gmx.net", "gmx.at", "web.de", "t-online.de", "icloud.com", "me.com", "aol.com", "proton.me", "protonmail.ch", "yandex.ru", "mail.ru",
            "qq.com", "163.com", "naver.com", "docomo.ne.jp", "orange.fr", "free.fr", "libero.it", "uol.com.br", "wp.pl", "seznam.cz", "ziggo.nl", "comcast.net",
        ] {
            assert!(is_freemail(domain), "{domain}");
        }
        for domain in ["acme.test", "yahoo-inc.com", "outlook.acme.com", "live.acme.co.uk", "gmail.acme.com", "mygmx.de", "corp.google.com"] {
            assert!(!is_freemail(domain), "{domain}");
        }
    }

    #[test]
    fn colleagues_may_be_at_the_domains_above() {
        assert_eq!(address("li@mail.acme.co.uk").companies(), ["mail.acme.co.uk", "acme.co.uk", "co.uk"]);
        assert_eq!(address("li@acme.test").companies(), ["acme.test"]);
        assert!(address("li@gmail.com").companies().is_empty());
        assert!(address("li@x.y.gmail.com").companies().iter().all(|domain| *domain != "gmail.com"));
    }
}
