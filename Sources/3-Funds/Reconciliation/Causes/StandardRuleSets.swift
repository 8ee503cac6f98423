/// The rule sets that the house comes with, number 0 of their kind. The same texts stand in Examples/reconciliation,
/// where a tenant begins with its own; a test compares them.
enum StandardRuleSets {
    static func source(_ kind: RuleSetKind) -> String? {
        switch kind {
        case .causes: causes
        case .policy: policy
        // What counts as the same stands in each channel's profile.
        case .matching: nil
        }
    }

    private static let causes = #"""
        # Why a difference is there. Each rule is a condition in CEL over one difference; the surest that holds names
        # the cause. docs/guides/reconciliation-cases.md lists the variables; `kontor reconciliation rules try FILE` tries a
        # set of yours on the cases that are there. Amounts are whole minor units: `unit` is 100 for EUR and 1 for JPY.
        kind: causes
        rules:
          - code: test_transaction
            title: A test reached the live channel
            titleZh: 测试交易进入生产
            when: >-
              class in ['missing_ours', 'missing_theirs'] && (ours.present ? ours : theirs).amount <= unit
              && (ours.present ? ours : theirs).reference.matches('(?i)^(test|demo|ping)[-_0-9]')
            confidence: 90

          - code: duplicate_statement_line
            title: The statement has the line twice
            titleZh: 对账单重复行
            when: >-
              class == 'duplicate_theirs' && theirs.channel_reference != '' && twin.present
              && twin.channel_reference == theirs.channel_reference && twin.amount == theirs.amount
            confidence: 90

          - code: charged_twice
            title: The shopper was charged twice
            titleZh: 重复扣款
            when: >-
              class == 'duplicate_theirs' && twin.present && twin.channel_reference != theirs.channel_reference
              && twin.amount == theirs.amount
            confidence: 80
            repair: return_duplicate

          - code: double_callback
            title: A notice of the channel was booked twice
            titleZh: 回调重复入账
            when: >-
              class == 'duplicate_ours' && twin.present && twin.amount == ours.amount && minutes_apart <= 1440
            confidence: 90
            repair: return_duplicate

          - code: currency_exponent
            title: Units and minor units were confused
            titleZh: 币种单位错误（元与分）
            when: >-
              class == 'amount' && ours.amount != 0 && theirs.amount != 0
              && (ours.amount % 100 == 0 && ours.amount / 100 == theirs.amount
              || theirs.amount % 100 == 0 && theirs.amount / 100 == ours.amount
              || ours.amount % 1000 == 0 && ours.amount / 1000 == theirs.amount
              || theirs.amount % 1000 == 0 && theirs.amount / 1000 == ours.amount)
            confidence: 95

          - code: refund_as_payment
            title: A refund was booked as a payment
            titleZh: 退款记为收款
            when: >-
              class == 'amount' && ours.amount != 0 && theirs.amount == -ours.amount
              || class in ['missing_ours', 'missing_theirs'] && twin.present
              && (ours.present ? ours : theirs).amount != 0
              && twin.amount == -(ours.present ? ours : theirs).amount && id_relation == 'equal'
            confidence: 92

          - code: truncated_amount
            title: The fraction of the amount was cut off
            titleZh: 金额被截断
            when: >-
              class == 'amount' && unit > 1 && ours.amount % unit != 0
              && theirs.amount == ours.amount - ours.amount % unit
            confidence: 90

          - code: bank_rounding
            title: The bank rounds otherwise than we do
            titleZh: 银行四舍五入
            when: "class == 'amount' && abs_delta >= 1 && abs_delta <= 2"
            confidence: 85
            repair: write_off_rounding

          - code: fee_table_changed
            title: The channel's fees are not those that we book
            titleZh: 渠道费率变更
            when: "class == 'fee' && run.same_class >= 5 && run.same_fee_ratio_bps >= 5000"
            confidence: 90
            repair: book_channel_fee

          - code: fee_rounding
            title: The channel rounds its fee otherwise than we do
            titleZh: 手续费四舍五入
            when: "class == 'fee' && fee_delta >= -1 && fee_delta <= 1 && fee_delta != 0"
            confidence: 85
            repair: book_channel_fee

          - code: fee_unexpected
            title: The channel kept more or less than expected of this line
            titleZh: 手续费异常
            when: "class == 'fee' && fee_delta != 0"
            confidence: 50
            repair: book_channel_fee

          - code: fee_deducted
            title: They report the amount less their fee
            titleZh: 对账单为扣费后金额
            when: >-
              class == 'amount' && ours.knows_fee && ours.fee > 0 && theirs.amount == ours.amount - ours.fee
            confidence: 93
            repair: book_channel_fee

          - code: discount_by_channel
            title: The same amount is missing on many lines, as with a coupon of the channel
            titleZh: 渠道优惠
            when: "class == 'amount' && abs_delta > 2 && run.same_delta >= 5 && run.same_delta_bps >= 3000"
            confidence: 75

          - code: partial_capture
            title: Only a part was captured
            titleZh: 部分请款
            when: >-
              class == 'amount' && ours.kind == 'payment' && theirs.kind == 'payment' && theirs.amount > 0
              && theirs.amount < ours.amount && abs_delta > 2
            confidence: 55

          - code: id_mapping
            title: One of both sides writes the number otherwise
            titleZh: 单号映射错误
            when: >-
              class in ['missing_ours', 'missing_theirs', 'late'] && twin.present && twin.currency == currency
              && twin.amount == (ours.present ? ours : theirs).amount
              && id_relation in ['case', 'leading_zeros', 'separators', 'prefix', 'suffix', 'mixed']
            confidence: 92
            repair: reclassify

          - code: time_zone_shift
            title: The two clocks are in different time zones
            titleZh: 时区偏移
            when: >-
              class in ['missing_ours', 'missing_theirs', 'late'] && twin.present
              && twin.amount == (ours.present ? ours : theirs).amount && minutes_apart >= 28 && minutes_apart <= 842
              && (minutes_apart + 2) % 30 <= 4 && run.same_shift >= 3
            confidence: 85
            repair: mark_timing

          - code: late_file
            title: The line is so late in the day that the next file brings it
            titleZh: 跨日（次日文件）
            when: >-
              class == 'late'
              || class == 'missing_theirs' && minutes_to_cutoff >= 0 && minutes_to_cutoff <= 30
            confidence: 80
            repair: mark_timing

          - code: status_late
            title: The channel did not yet know the outcome
            titleZh: 渠道状态滞后
            when: "class == 'status' && theirs.status == 'pending' && ours.status == 'succeeded'"
            confidence: 80
            repair: mark_timing

          - code: reversed_there
            title: The channel took the payment back and did not tell us
            titleZh: 渠道已撤销
            when: >-
              class == 'status' && theirs.status in ['reversed', 'failed'] && ours.status == 'succeeded'
            confidence: 75

          - code: callback_lost
            title: The channel has the money and its notice never reached us
            titleZh: 回调丢失
            when: >-
              class == 'missing_ours' && theirs.kind == 'payment' && theirs.amount > 0
              && theirs.status == 'succeeded' && theirs.reference != '' && !twin.present
            confidence: 60
            repair: book_missing_capture

          - code: refund_not_booked
            title: The channel gave money back that our books do not know
            titleZh: 退款未入账
            when: "class == 'missing_ours' && theirs.kind == 'refund' && !twin.present"
            confidence: 70
            repair: book_missing_refund

          - code: chargeback
            title: The shopper's bank took the money back
            titleZh: 拒付
            when: "class == 'missing_ours' && theirs.kind == 'chargeback'"
            confidence: 95

          - code: unknown_money
            title: Money without any number of ours
            titleZh: 无主资金
            when: >-
              class == 'missing_ours' && theirs.reference == '' && theirs.kind in ['payment', 'adjustment']
            confidence: 70
            repair: book_unknown_money

          - code: other_currency
            title: The channel settled in another currency
            titleZh: 币种不一致
            when: "class == 'currency'"
            confidence: 90

        """#

    private static let policy = #"""
        # How long cases may stay open, how grave they are, and what may repair itself. Amounts are minor units (1 is a
        # cent). The first rule that fits decides; `*` is every currency. What no rule of `repairs` lets through waits
        # for a person.
        kind: policy
        cases:
          - { class: missing_ours, deadlineHours: 24, severity: high, owner: treasury }
          - { class: missing_theirs, deadlineHours: 48, severity: high, owner: treasury }
          - { class: amount, deadlineHours: 24, severity: medium, owner: treasury }
          - { class: status, deadlineHours: 24, severity: medium, owner: treasury }
          - { class: currency, deadlineHours: 8, severity: high, owner: treasury }
          - { class: fee, deadlineHours: 72, severity: low, owner: accounting }
          - { class: duplicate_ours, deadlineHours: 8, severity: high, owner: treasury }
          - { class: duplicate_theirs, deadlineHours: 8, severity: high, owner: treasury }
          - { class: late, deadlineHours: 48, severity: low, owner: treasury }
        thresholds:
          - { currency: "JPY", highFromMinor: 100000, criticalFromMinor: 1000000 }
          - { currency: "*", highFromMinor: 100000, criticalFromMinor: 1000000 }
        repairs:
          - { kind: write_off_rounding, classes: [amount], currency: "*", minimumConfidence: 85,
              limitMinor: 2, dailyCapMinor: 200 }
          - { kind: book_channel_fee, classes: [fee], currency: "*", minimumConfidence: 85,
              limitMinor: 1, dailyCapMinor: 1000 }
          - { kind: mark_timing, classes: [late], currency: "*", minimumConfidence: 80,
              limitMinor: 0, dailyCapMinor: 0 }

        """#
}
