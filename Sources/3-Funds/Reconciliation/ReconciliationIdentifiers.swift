public import Runtime

public enum RunTag: IdentifierTag { public static let prefix = "run" }
public typealias RunID = Identifier<RunTag>

public enum StatementTag: IdentifierTag { public static let prefix = "stm" }
public typealias StatementID = Identifier<StatementTag>

public enum UploadTag: IdentifierTag { public static let prefix = "upl" }
public typealias UploadID = Identifier<UploadTag>

public enum DifferenceTag: IdentifierTag { public static let prefix = "dif" }
public typealias DifferenceID = Identifier<DifferenceTag>
