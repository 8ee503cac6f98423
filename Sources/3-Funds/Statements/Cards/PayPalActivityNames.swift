/// What a download's columns are called in one language.
struct PayPalActivityNames: Sendable {
    enum Field: Hashable, Sendable {
        case date, time, zone, name, type, status, currency, gross, fee, net, id, reference, invoice, balance, subject
        /// What the account statement has instead of a type; it lists only what moved the balance and has no status.
        case detail
    }

    let code: String
    private let names: [Field: [String]]

    subscript(_ field: Field) -> [String] { names[field] ?? [] }

    /// The language in which a header's columns are named; nil when it is no activity download.
    static func language(of columns: Set<String>) -> PayPalActivityNames? {
        let common: [Field] = [.date, .currency, .gross, .net, .id]
        let kinds: [[Field]] = [[.type, .status], [.detail, .balance]]
        return all.first { language in
            kinds.contains { kind in
                (common + kind).allSatisfy { field in language[field].contains(where: columns.contains) }
            }
        }
    }

    static let english = PayPalActivityNames(
        code: "en",
        names: [
            .date: ["Date"], .time: ["Time"], .zone: ["TimeZone", "Time Zone", "Time zone"], .name: ["Name"],
            .type: ["Type"], .status: ["Status"], .currency: ["Currency"], .gross: ["Gross"], .fee: ["Fee", "Fees"],
            .net: ["Net"], .id: ["Transaction ID"], .reference: ["Reference Txn ID", "Reference Transaction ID"],
            .invoice: ["Invoice Number", "Invoice ID"], .balance: ["Balance"], .subject: ["Subject", "Item Title"],
            .detail: ["Description"]
        ])

    private static let all = [
        english,
        PayPalActivityNames(
            code: "de",
            names: [
                .date: ["Datum"], .time: ["Uhrzeit", "Zeit"], .zone: ["Zeitzone"], .name: ["Name"], .type: ["Typ"],
                .status: ["Status"], .currency: ["Währung"], .gross: ["Brutto"], .fee: ["Gebühr", "Entgelt"],
                .net: ["Netto"], .id: ["Transaktionscode"],
                .reference: ["Zugehöriger Transaktionscode", "Txn-Referenzkennung"],
                .invoice: ["Rechnungsnummer", "Rechnungs-Nr."], .balance: ["Guthaben"], .subject: ["Betreff"],
                .detail: ["Beschreibung"]
            ]),
        PayPalActivityNames(
            code: "fr",
            names: [
                .date: ["Date"], .time: ["Heure"], .zone: ["Fuseau horaire"], .name: ["Nom"], .type: ["Type"],
                .status: ["État", "Etat"], .currency: ["Devise"], .gross: ["Avant commission", "Montant brut"],
                .fee: ["Commission", "Frais"], .net: ["Net"],
                .id: ["Numéro de transaction", "N° de transaction", "Nº de transaction"],
                .reference: ["Numéro de la transaction de référence", "N° de transaction de référence"],
                .invoice: ["Numéro de facture"], .balance: ["Solde"], .subject: ["Objet"],
                .detail: ["Description"]
            ]),
        PayPalActivityNames(
            code: "es",
            names: [
                .date: ["Fecha"], .time: ["Hora"], .zone: ["Zona horaria"], .name: ["Nombre"], .type: ["Tipo"],
                .status: ["Estado"], .currency: ["Divisa"], .gross: ["Bruto"], .fee: ["Tarifa", "Comisión"],
                .net: ["Neto"], .id: ["Id. de transacción", "Identificador de la transacción"],
                .reference: ["Id. de referencia de trans.", "Id. de la transacción de referencia"],
                .invoice: ["Número de factura"], .balance: ["Saldo"], .subject: ["Asunto"],
                .detail: ["Descripción"]
            ]),
        PayPalActivityNames(
            code: "it",
            names: [
                .date: ["Data"], .time: ["Orario", "Ora"], .zone: ["Fuso orario"], .name: ["Nome"], .type: ["Tipo"],
                .status: ["Stato"], .currency: ["Valuta"], .gross: ["Lordo"], .fee: ["Tariffa"], .net: ["Netto"],
                .id: ["Codice transazione"], .reference: ["Codice transazione di riferimento"],
                .invoice: ["Numero fattura"], .balance: ["Saldo"], .subject: ["Oggetto"],
                .detail: ["Descrizione"]
            ]),
        PayPalActivityNames(
            code: "nl",
            names: [
                .date: ["Datum"], .time: ["Tijd"], .zone: ["Tijdzone"], .name: ["Naam"], .type: ["Type"],
                .status: ["Status"], .currency: ["Valuta"], .gross: ["Bruto"], .fee: ["Kosten"], .net: ["Net", "Netto"],
                .id: ["Transactiereferentie", "Transactie-id"],
                .reference: ["Reference Txn ID", "Id referentietransactie"],
                .invoice: ["Factuurnummer"], .balance: ["Saldo"], .subject: ["Onderwerp"],
                .detail: ["Omschrijving"]
            ]),
        PayPalActivityNames(
            code: "zh",
            names: [
                .date: ["日期"], .time: ["时间"], .zone: ["时区"], .name: ["姓名", "名称", "用户名"], .type: ["类型"],
                .status: ["状态"], .currency: ["币种", "货币"], .gross: ["总额", "总金额"], .fee: ["费用", "手续费"],
                .net: ["净额", "净金额"], .id: ["交易号"], .reference: ["参考交易号"], .invoice: ["账单编号", "发票编号", "账单号"],
                .balance: ["余额"], .subject: ["主题"], .detail: ["说明", "描述"]
            ])
    ]
}

/// The words of a download's lines. A language that PayPal adds shows as a rejected status, not as a wrong one.
enum PayPalActivityWords {
    private static let statuses: [RowStatus: Set<String>] = [
        .succeeded: [
            "completed", "cleared", "refunded", "partially refunded", "paid", "abgeschlossen", "erstattet",
            "teilweise erstattet", "terminé", "effectué", "remboursé", "completado", "completada", "reembolsado",
            "completato", "completata", "rimborsato", "voltooid", "terugbetaald", "已完成", "已退款", "部分退款"
        ],
        .pending: [
            "pending", "unclaimed", "held", "on hold", "processing", "in progress", "temporary hold", "uncleared",
            "ausstehend", "offen", "einbehalten", "in bearbeitung", "en attente", "pendiente", "in sospeso",
            "in behandeling", "待处理", "处理中", "暂时冻结"
        ],
        .failed: [
            "denied", "failed", "canceled", "cancelled", "expired", "voided", "abgelehnt", "fehlgeschlagen",
            "storniert",
            "refusé", "annulé", "rechazado", "cancelado", "rifiutato", "annullato", "geweigerd", "geannuleerd", "已拒绝",
            "已取消", "失败"
        ],
        .reversed: [
            "reversed", "returned", "rückbuchung", "zurückgebucht", "annulé par reprise", "revertido", "stornato",
            "teruggeboekt", "已撤销", "已退回"
        ]
    ]

    static func status(_ word: String, field: String) throws(FieldProblem) -> RowStatus {
        let plain = word.lowercased()
        for (status, words) in statuses where words.contains(plain) { return status }
        throw FieldProblem("is no status that is known: \(word)", field: field)
    }

    private static let parts: [(kind: RowKind, words: [String])] = [
        // Money that is held and released again, for a dispute too, is still the merchant's.
        (.adjustment, ["account hold", "hold on balance", "hold for dispute"]),
        (
            .refund,
            ["refund", "erstattung", "rückzahlung", "remboursement", "reembolso", "rimborso", "terugbetaling", "退款"]
        ),
        (
            .chargeback,
            [
                "chargeback", "reversal", "dispute", "rückbuchung", "rückbelastung", "rétrofacturation", "contracargo",
                "撤销"
            ]
        ),
        (.fx, ["conversion", "währungsumrechnung", "conversión", "conversione", "valutaomrekening", "兑换"]),
        (
            .payout,
            ["withdrawal", "abbuchung", "virement", "retirada", "prelievo", "opname", "提现"]
        ),
        (
            .adjustment,
            [
                "hold", "release", "reserve", "einbehalt", "reserva", "blocage", "bank deposit", "bankgutschrift",
                "bankkonto", "冻结"
            ]
        ),
        (.fee, ["fee", "gebühr", "entgelt", "commission", "tarifa", "tariffa", "kosten", "手续费"])
    ]

    /// By the words of the type; what is none of them is a payment when it came in, and no sale when it went out.
    static func kind(_ type: String, isCredit: Bool) -> RowKind {
        let plain = type.lowercased()
        for (kind, words) in parts where words.contains(where: plain.contains) { return kind }
        return isCredit ? .payment : .adjustment
    }
}
