/// The currencies that are named in code; all others are reached by `Currency(code:)`.
extension Currency {
    public static let aed = named("AED")
    public static let aud = named("AUD")
    public static let bhd = named("BHD")
    public static let brl = named("BRL")
    public static let cad = named("CAD")
    public static let chf = named("CHF")
    public static let clf = named("CLF")
    public static let clp = named("CLP")
    public static let cny = named("CNY")
    public static let czk = named("CZK")
    public static let dkk = named("DKK")
    public static let eur = named("EUR")
    public static let gbp = named("GBP")
    public static let hkd = named("HKD")
    public static let huf = named("HUF")
    public static let idr = named("IDR")
    public static let ils = named("ILS")
    public static let inr = named("INR")
    public static let jpy = named("JPY")
    public static let krw = named("KRW")
    public static let kwd = named("KWD")
    public static let mxn = named("MXN")
    public static let myr = named("MYR")
    public static let nok = named("NOK")
    public static let nzd = named("NZD")
    public static let php = named("PHP")
    public static let pln = named("PLN")
    public static let sar = named("SAR")
    public static let sek = named("SEK")
    public static let sgd = named("SGD")
    public static let thb = named("THB")
    public static let tnd = named("TND")
    public static let `try` = named("TRY")
    public static let twd = named("TWD")
    public static let usd = named("USD")
    public static let vnd = named("VND")
    public static let zar = named("ZAR")

    private static func named(_ code: StaticString) -> Currency {
        guard let found = code.withUTF8Buffer({ letterKey($0).flatMap(find(key:)) }) else {
            preconditionFailure("\(code) is named in code and missing in the table of ISO 4217")
        }
        return found
    }
}
