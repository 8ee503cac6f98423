/// The words of reconciliation. As in `Text`, a `switch` over all cases holds them, so a missing translation does not
/// compile; templates reach them the same way, as `{{t.name}}`.
enum ReconciliationText: String, CaseIterable, Sendable {
    // The overview
    case navReconciliation, reconciliationTitle, reconciliationLead, objective, met, missed, notMeasured, finishBy
    case nightsTitle, nightsLead, nightOnTime, nightLate, nightOverdue, awaitedTitle, tries, lastAnswer, nextTry
    case runsTitle, runWord, businessDay, linesRead, matchedWord, differences, settledAt, noRuns, noRunsLead
    case heatTitle, heatLead, noHeat, trendTitle, trendLead, stillOpen, caseAges, itemAges, nothingOpen
    case classesTitle, classWord, found, endedAlone, endedByPerson, timeToDetect, timeToRepair
    case caseList, dailyReport, print, unitDay, unitHour, unitMinute, unitSecond
    // A run
    case theirLines, ourLines, unreadable, confirmedBy, settledNet, settledFees, settledLines, differenceSum
    case runReady, progress, tasksTitle, taskWord, shard, problem, statementFile, receivedAt, revision
    case runDifferences, noDifferences, confirmRun, retryRun, abortRun, abortReason, everyClass, openItemsOf
    // Cases
    case casesTitle, liveCases, owner, causeCode, noCases, causeWord, overdue, ourSide, theirSide, weHaveNone
    case theyHaveNone, kindWord, feeWord, merchantReference, inFile, lineNumber, why, matcherSays, noCauseYet
    case confidence, ruleVersion, otherCauses, unusual, openAmount, reference2, openItem, deadlineAt, carriedTo, outcome
    case repairTitle, noRepair, proposeRepair, repairKindLabel, amountMinorLabel, amountMinorNote, targetReference
    case carryToLabel, reasonLabel, proposedBy, decidedBy, waitsBecause, wouldChange, wouldChangeLead, before, after
    case approve, reject, withdraw, execute, ownRepair, suggested, automatic, entriesTitle
    case notesTitle, addNote, noteLabel, noNotes, noteErased, filesTitle, historyTitle, investigate, resolve, reopen
    case stepOpened, stepProposed, stepApproved, stepExecuted, stepNoted, noteHint, notDone, notDoneLead, backToCase
    case suggestionsTitle, suggestionsLead, proposeTogether, moreSuggestions
    // Open items and the report
    case openItemsTitle, openedAt, caseWord, itemsAddUp, itemsDoNotAddUp, itemsOpen, noOpenItems
    case reportTitle, reportLead, reportRuns, reportOpen, reportCases, reportSigned, preparedBy, checkedBy, generatedAt
    case reportNoRuns, reportMoreCases, channelDay
    // What people do on a case
    case assignTitle, ownerLabel, deadlineLabel, assign, nobody, noFiles, fileLabel, attach, stepAttached
    // Why something was not done, by the field at fault and by the kind of refusal
    case refused_owner, refused_deadline_at, refused_text, refused_amount, refused_carry_to, refused_reason
    case refused_file_too_large, refused_file_missing, refused_file_empty, refused_forbidden, refused_not_found
    case refused_invalid_field, refused_illegal_move, refused_version_mismatch, refused_same_person
    case refused_repair_pending, refused_repair_impossible, refused_books_moved, refused_over_limit
    // States and classes
    case sli_reconciled, sli_wrong, sli_on_time, sli_automatic
    case await_waiting, await_overdue, await_refused
    case run_pending, run_preparing, run_confirmed, run_settled, run_aborted
    case class_matched, class_missing_ours, class_missing_theirs, class_amount, class_status, class_currency, class_fee
    case class_duplicate_ours, class_duplicate_theirs, class_late
    case case_open, case_investigating, case_repair_proposed, case_resolved, case_written_off, case_closed_by_match
    case severity_low, severity_medium, severity_high, severity_critical
    case repair_proposed, repair_approved, repair_executed, repair_rejected, repair_withdrawn, repair_reversed
    case repairKind_write_off_rounding, repairKind_book_channel_fee, repairKind_book_unknown_money
    case repairKind_reclassify, repairKind_mark_timing, repairKind_book_missing_capture
    case repairKind_book_missing_refund, repairKind_return_duplicate, repairKind_reversal
    case kind_payment, kind_refund, kind_fee, kind_payout, kind_chargeback, kind_adjustment, kind_fx
    case file_active, file_superseded, file_refused
    case task_parse, task_collect, task_match, task_rest, task_propose, task_settle
    case taskState_waiting, taskState_claimed, taskState_done, taskState_failed

    func said(in language: Language) -> String {
        switch language {
        case .en: words.en
        case .zh: words.zh
        }
    }
}

extension Texts {
    subscript(_ text: ReconciliationText) -> String { text.said(in: language) }
}
