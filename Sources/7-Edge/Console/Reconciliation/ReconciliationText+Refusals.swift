extension ReconciliationText {
    /// What people do on a case, and why it was not done; nil for the other texts.
    var refusalWords: (en: String, zh: String)? {
        switch self {
        case .assignTitle: ("Who looks after it", "负责人")
        case .ownerLabel: ("Owner, as a pseudonym", "负责人（代号）")
        case .deadlineLabel: ("Deadline (UTC)", "期限（UTC）")
        case .assign: ("Assign", "指派")
        case .nobody: ("Nobody", "取消指派")
        case .noFiles: ("Nothing is attached yet", "暂无附件")
        case .fileLabel: ("A file of at most 4 MiB", "文件，最大 4 MiB")
        case .attach: ("Attach", "上传附件")
        case .stepAttached: ("Attached", "附件")
        case .refused_owner:
            (
                "An owner is a pseudonym: letters, digits, dot, hyphen, underscore and colon, at most 80.",
                "负责人须为代号：字母、数字、点、连字符、下划线和冒号，最多 80 个字符。"
            )
        case .refused_deadline_at: ("The deadline is no time.", "期限不是有效的时间。")
        case .refused_text: ("A note has 1 to 4,000 characters.", "备注须为 1 至 4,000 个字符。")
        case .refused_amount: ("An amount is a whole number of minor units above zero.", "金额须为大于零的最小单位整数。")
        case .refused_carry_to: ("The day that brings the other line is no day that fits.", "对方行出现的日期不合适。")
        case .refused_reason: ("A reason is needed, of at most 200 characters.", "须填写理由，最多 200 个字符。")
        case .refused_file_too_large: ("The file is larger than 4 MiB.", "文件超过 4 MiB。")
        case .refused_file_missing: ("No file was chosen.", "未选择文件。")
        case .refused_file_empty: ("The file is empty.", "文件为空。")
        case .refused_forbidden: ("Your credential does not allow this.", "您的凭证无此权限。")
        case .refused_not_found: ("It is not there any more.", "该内容已不存在。")
        case .refused_invalid_field: ("A field has a value that is not allowed.", "某个字段的值不被允许。")
        case .refused_illegal_move: ("Its state does not allow this.", "其状态不允许此操作。")
        case .refused_version_mismatch:
            ("Somebody changed it meanwhile: look again, then decide.", "期间已被他人修改：请查看后再决定。")
        case .refused_same_person: ("A second person has to decide this.", "须由另一人决定。")
        case .refused_repair_pending: ("A repair of this case waits to be decided.", "此案例有待决定的修复。")
        case .refused_repair_impossible: ("This repair does not fit the case.", "此修复方式不适用于该案例。")
        case .refused_books_moved: ("The books have moved meanwhile: propose it anew.", "账簿期间已变动：请重新提议。")
        case .refused_over_limit: ("A limit is reached.", "已达到上限。")
        default: nil
        }
    }
}
