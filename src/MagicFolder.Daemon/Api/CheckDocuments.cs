namespace MagicFolder.Daemon.Api;

/// <summary>Body of <c>POST /v1/magic-folder/NAME/check</c>.</summary>
/// <param name="Repair">Make shares that are missing or damaged again from the others.</param>
public sealed record CheckRequest(bool Repair);

/// <summary>What a look at all that a folder retains has found. All times are ISO 8601 in UTC.</summary>
/// <param name="Healthy">Nothing is missing or damaged, or not any more.</param>
/// <param name="Readable">All that is retained can be read.</param>
/// <param name="Participants">Whom the folder lists, those removed included.</param>
/// <param name="Snapshots">Retained ones that can be read.</param>
/// <param name="Versions">Versions of files in them, each once.</param>
/// <param name="Objects">All objects of the grid that hold it.</param>
/// <param name="Shares">That were looked at.</param>
/// <param name="ShareBytes">Of file data in them.</param>
/// <param name="ContentBytes">Of contents that were read and compared with their ids.</param>
/// <param name="Unhealthy">Objects that were not healthy when they were looked at.</param>
/// <param name="LostVersions">By path, then newest first.</param>
/// <param name="LostTrees">Parts of snapshots that cannot be read.</param>
/// <param name="LostSnapshots">By participant, newest first.</param>
/// <param name="Problems">Whose history cannot be told, or only in part; the path is who or what.</param>
/// <param name="Spread">Objects that were healthy, and of which servers have a share now that had none of their own.</param>
/// <param name="Troubles">Servers that failed, and how.</param>
/// <param name="Repair">It was to repair.</param>
public sealed record FolderCheckDocument(
    string Folder, string Participant, bool Healthy, bool Readable, int Participants, int Snapshots, long Versions, int Objects, long Shares, long ShareBytes, long ContentBytes,
    IReadOnlyList<UnhealthyObjectDocument> Unhealthy, IReadOnlyList<LostVersionDocument> LostVersions, IReadOnlyList<LostTreeDocument> LostTrees,
    IReadOnlyList<LostSnapshotDocument> LostSnapshots, IReadOnlyList<ProblemDocument> Problems, IReadOnlyList<SpreadObjectDocument> Spread, IReadOnlyList<string> Troubles, bool Repair);

/// <param name="Object">Its storage index.</param>
/// <param name="Kind"><c>collective</c>, <c>personal</c> or <c>pack</c>.</param>
/// <param name="Participant">Whose head; null for what belongs to nobody alone.</param>
/// <param name="Needed">False for a pack of which too little is left, but all that is retained of it can be read from others.</param>
/// <param name="K">Of the shares, any so many are enough.</param>
/// <param name="N">Shares there should be.</param>
/// <param name="Happiness">Servers with a share of their own; like the next, as it was found.</param>
/// <param name="Missing">Numbers of shares.</param>
/// <param name="Repaired">A repair has made it healthy.</param>
/// <param name="Healthy">It is so now.</param>
/// <param name="Recoverable">It can be read now.</param>
/// <param name="Trouble">Why it was not repaired although it should have been; null otherwise.</param>
/// <param name="Before">As it was found.</param>
/// <param name="After">As it is after a repair; null when there was none.</param>
public sealed record UnhealthyObjectDocument(
    string Object, string Kind, string? Participant, bool Needed, int K, int N, int Happiness, IReadOnlyList<int> Missing, IReadOnlyList<DamagedShareDocument> Damaged,
    IReadOnlyList<FailingDirectoryDocument> Failing, bool Repaired, bool Healthy, bool Recoverable, string? Trouble, StoredDocument Before, StoredDocument? After);

/// <summary>How an object stands on the grid.</summary>
/// <param name="Sound">Numbers of shares that are there and sound.</param>
/// <param name="Versions">Versions of a mutable object that are there.</param>
/// <param name="Happiness">Servers with a share of their own.</param>
public sealed record StoredDocument(int K, int N, int Sound, int Versions, int Happiness, bool Healthy, bool Recoverable);

/// <param name="HappinessBefore">Servers with a share of their own, before and now.</param>
public sealed record SpreadObjectDocument(string Object, string Kind, string? Participant, int HappinessBefore, int Happiness);

/// <param name="Number">Negative when it cannot be told which one it is.</param>
public sealed record DamagedShareDocument(int Number, string Server, string Damage);

public sealed record FailingDirectoryDocument(string Server, string Reason);

/// <param name="OnDisk">It is still on the disk of this computer.</param>
public sealed record LostVersionDocument(string Path, string Version, string Participant, long Seq, string Time, long Size, bool OnDisk, string Reason);

/// <param name="After">The paths behind this one; null from the beginning.</param>
/// <param name="Last">Up to this one; null to the end.</param>
public sealed record LostTreeDocument(string Version, string Participant, long Seq, string Time, string? After, string? Last, string Reason);

/// <param name="Time">Null when it is not known.</param>
public sealed record LostSnapshotDocument(string Version, string Participant, long Seq, string? Time, string Reason);
