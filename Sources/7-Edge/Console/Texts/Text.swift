/// The one catalogue of texts. Every case has its words in every language, because `words` is a `switch` over all of
/// them: a missing translation does not compile. Templates name a case as `{{t.case}}`; a test knows every such name.
enum Text: String, CaseIterable, Sendable {
    // The frame
    case appName
    case skipToContent
    case navigation
    case language
    case signOut
    case live
    case livePaused
    case timesAreUTC
    case older
    case newer
    case next
    case first
    case search
    case clear
    case all
    // Signing in
    case signInTitle
    case signInLead
    case credential
    case signIn
    case signInNote
    case signInRefused
    case signInShape
    // Refusals
    case notFoundTitle
    case notFoundLead
    case forbiddenTitle
    case forbiddenLead
    case failedTitle
    case tooLargeTitle, tooLargeLead
    case failedLead
    case foreignFormTitle
    case foreignFormLead
    case methodTitle
    case methodLead
    case backHome
    // Pages
    case navOrders
    case navTrial
    case navJournal
    case navStock
    case navProducts
    case navRules
    // Trying a rule
    case rulesTitle
    case rulesLead
    case ruleExpression
    case ruleTry
    case ruleResult
    case ruleType
    case ruleCost
    case ruleCostMost
    case ruleSample
    case ruleSampleFault
    case ruleVariables
    case ruleNoVariables
    case ruleName
    case ruleExamples
    // Orders of today
    case overviewTitle
    case ordersPlaced
    case orderValue
    case moneyTaken
    case revenueToday
    case feesToday
    case refundsToday
    case countOfPayments
    case countOfRefunds
    case ofWhichChannel
    case ofWhichPlatform
    case needsScope
    case netOfCorrections
    case orderCountByHour
    case orderValueByHour
    case peak
    case byState
    case latestOrders
    case noOrdersYet
    case noOrdersOfState
    case order
    case state
    case payment
    case linesWord
    case placedAt
    case total
    case refunded
    // One order
    case placedOn
    case channel
    case person
    case email
    case destination
    case shippingMethod
    case discountCode
    case reservedUntil
    case cancelReason
    case tokenNote
    case orderLines
    case item
    case sku
    case quantity
    case shipped
    case returned
    case unitPrice
    case discount
    case tax
    case subtotal
    case shipping
    case taxIncluded
    case taxOnTop
    case captured
    case timeline
    case payments
    case noPayments
    case attempt
    case attempts
    case reference
    case channelReference
    case refusal
    case amount
    case platformFee
    case channelFee
    case refunds
    case reason
    case fulfilments
    case returnsWord
    case parcel
    case restocked
    case notRestocked
    case time
    case number
    // What can happen
    case eventPlaced
    case eventAuthorised
    case eventCaptured
    case eventPaymentFailed
    case eventPaymentUnknown
    case eventPaymentTried
    case eventSent
    case eventCameBack
    case eventRefundAsked
    case eventRefundDone
    case eventRefundFailed
    case eventCancelled
    case eventCompleted
    // Postings
    case postings
    case postingsTitle
    case noPostings
    case transfer
    case account
    case purpose
    case debit
    case credit
    case sumOfPostings
    case difference
    case sumsToZero
    case doesNotSum
    case heldNote
    case releasedNote
    case netByAccount
    // Trial balance
    case trialTitle
    case asOf
    case balanced
    case notBalanced
    case noAccounts
    case truncatedNote
    case accountCode
    case accountName
    case totals
    // Account statement
    case statement
    case opening
    case closing
    case broughtForward
    case carriedForward
    case balance
    case counterAccount
    case noEntries
    // Journal
    case journalTitle
    case journalLead
    case headSequence
    case headHash
    case verify
    case verifyNote
    case verified
    case broken
    case eventsVerified
    case verifyBusy
    case latestEvents
    case sequence
    case eventType
    case size
    case hash
    case noEvents
    // Stock
    case stockTitle
    case variant
    case onHand
    case reserved
    case available
    case notTracked
    case noStock
    case nothingFound
    case searchStock
    // Products
    case productsTitle
    case product
    case vendor
    case category
    case variants
    case price
    case compareAt
    case costPrice
    case noProducts
    case searchProducts
    case searchesPublished
    case priceFrom
    // States of orders
    case order_placed
    case order_paid
    case order_partially_fulfilled
    case order_fulfilled
    case order_partially_returned
    case order_returned
    case order_completed
    case order_cancelled
    // States of payments, attempts and refunds
    case pay_none
    case pay_pending
    case pay_open
    case pay_processing
    case pay_authorised
    case pay_captured
    case pay_failed
    case pay_declined
    case pay_unknown
    case pay_partially_refunded
    case pay_refunded
    case pay_voided
    case pay_expired
    case pay_created
    case pay_sent
    case pay_capturing
    case pay_voiding
    case pay_authorise_unknown
    case pay_capture_unknown
    case pay_void_unknown
    case pay_requested
    case pay_succeeded
    case pay_done
    // States of products
    case product_draft
    case product_published
    case product_archived
    // Purposes of transfers, by their code
    case code_0
    case code_1
    case code_2
    case code_10
    case code_11
    case code_12
    case code_13
    case code_14
    case code_15
    case code_16
    case code_20
    case code_21
    case code_22
    case code_23
    case code_24
    case code_25
    case code_30
    case code_31
    case code_40
    // Kinds of transfers
    case kind_posted
    case kind_pending
    case kind_post_pending
    case kind_void_pending
    case kind_expire_pending

    func said(in language: Language) -> String {
        switch language {
        case .en: words.en
        case .zh: words.zh
        }
    }
}

/// The texts in one language, as templates reach them: `{{t.signIn}}`.
struct Texts: Sendable {
    let language: Language

    subscript(_ text: Text) -> String { text.said(in: language) }

    /// A name that comes from the contract, such as a state; shown as it came when the catalogue does not know it yet.
    func name(_ group: String, _ name: String) -> String {
        Text(rawValue: "\(group)_\(name)").map { self[$0] } ?? ReconciliationText(rawValue: "\(group)_\(name)").map {
            self[$0]
        } ?? name
    }
}
