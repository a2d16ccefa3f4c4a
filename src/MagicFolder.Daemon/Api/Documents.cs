namespace MagicFolder.Daemon.Api;

/// <summary>What <c>GET /v1/status</c> answers (docs/api.md).</summary>
public sealed record StatusDocument(IReadOnlyList<FolderDocument> Folders, GridDocument Grid);

/// <param name="State"><c>in-sync</c>, <c>syncing</c>, <c>paused</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it is stopped; null otherwise.</param>
/// <param name="Conflicts">Conflict files.</param>
/// <param name="Uploads">Local changes stored since the daemon opened it.</param>
/// <param name="Downloads">Paths that wait to be brought here.</param>
public sealed record FolderDocument(
    string Name, string Path, string State, string? Reason, long Files, long Bytes, long Conflicts, IReadOnlyList<ProblemDocument> Problems, long Uploads, long Downloads,
    IReadOnlyList<ParticipantDocument> Participants);

public sealed record ProblemDocument(string Path, string Reason, string Advice);

/// <param name="Mode"><c>read-write</c> or <c>read-only</c>.</param>
/// <param name="Seq">The number of its newest snapshot that was seen here.</param>
/// <param name="Observed">The numbers of others that it has seen, as far as known here.</param>
/// <param name="LastSeen">When that snapshot was made, ISO 8601 in UTC; null for none, and for this computer itself.</param>
public sealed record ParticipantDocument(string Name, string Mode, bool Removed, bool Self, long Seq, IReadOnlyDictionary<string, long> Observed, bool InSync, string? LastSeen);

/// <param name="Kind"><c>directory</c> or <c>grid-file</c>.</param>
/// <param name="Connected">Directories that can be used now.</param>
/// <param name="Desired">Directories there are.</param>
/// <param name="Happy">How many are needed for storing.</param>
public sealed record GridDocument(string Kind, int Connected, int Desired, int Happy);

/// <summary>One folder as <c>GET /v1/magic-folder</c> lists it.</summary>
public sealed record ListedFolder(string Name, ListedAuthor Author, double PollInterval, double ScanInterval, bool IsAdmin, string StashPath, string MagicPath);

public sealed record ListedAuthor(string Name);

/// <summary>Body of <c>POST /v1/magic-folder</c>.</summary>
public sealed record AddRequest(string? Name, string? Author, string? Directory);

/// <summary>Body of <c>POST /v1/magic-folder/NAME/resolve-conflict</c>.</summary>
/// <param name="Relpath">The path in conflict, or one of its conflict files, relative to the folder.</param>
/// <param name="Resolution"><c>mine</c>, or whose version is to stay.</param>
public sealed record ResolveRequest(string? Relpath, string? Resolution);

/// <param name="Participant">Whose version stays; null for what this computer has in place.</param>
/// <param name="Cleared">Conflict files that went.</param>
/// <param name="Settled">False if something changed there meanwhile.</param>
public sealed record ResolvedDocument(string Path, string? Participant, IReadOnlyList<string> Cleared, bool Settled);

/// <summary>Where the state of a folder that was left is kept.</summary>
public sealed record LeftDocument(string State);

/// <summary>What went wrong, in one line.</summary>
public sealed record ErrorDocument(string Reason);
