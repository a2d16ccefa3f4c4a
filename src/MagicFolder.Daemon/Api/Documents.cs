using System.Text.Json.Serialization;

namespace MagicFolder.Daemon.Api;

/// <summary>What <c>GET /v1/status</c> answers (docs/api.md).</summary>
public sealed record StatusDocument(IReadOnlyList<FolderDocument> Folders, GridDocument Grid);

/// <param name="State"><c>in-sync</c>, <c>syncing</c>, <c>joining</c>, <c>paused</c> or <c>stopped</c>.</param>
/// <param name="Reason">Why it is stopped, or what joining waits for; null otherwise.</param>
/// <param name="Conflicts">Conflict files.</param>
/// <param name="Uploads">Files that are being stored just now.</param>
/// <param name="Downloads">Paths that wait to be brought here, those under way included.</param>
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

/// <param name="Relpath">Relative to the folder.</param>
/// <param name="Mtime">Seconds since the Unix epoch.</param>
/// <param name="Size">Bytes.</param>
public sealed record FileStatus(string Relpath, double Mtime, long Size);

/// <param name="Relpath">Relative to the folder.</param>
/// <param name="Modified">When the file was modified, by whoever did; seconds since the Unix epoch.</param>
/// <param name="LastUpdated">When it was written or put in place on this disk.</param>
/// <param name="Conflicted">Another version stands beside it.</param>
public sealed record RecentChange(string Relpath, double Modified, [property: JsonPropertyName("last-updated")] double LastUpdated, bool Conflicted);

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

/// <summary>Body of <c>POST /v1/magic-folder/NAME/invite</c>.</summary>
/// <param name="Participant">What the newcomer will be called.</param>
/// <param name="Mode"><c>read-write</c> (default) or <c>read-only</c>.</param>
/// <param name="Days">How long the code is good for; 7 by default.</param>
public sealed record InviteRequest(string? Participant, string? Mode, int? Days);

/// <param name="Code">To be handed to the newcomer, and nobody else; null when it is of no use any more.</param>
/// <param name="State"><c>prepared</c>, <c>waiting</c>, <c>answered</c>, <c>joined</c>, <c>expired</c>, <c>cancelled</c> or <c>refused</c>.</param>
/// <param name="Expires">ISO 8601 in UTC.</param>
/// <param name="Fingerprint">To be compared with what the newcomer sees; null while there is no answer.</param>
/// <param name="Outcome">What became of it, in words; null while it is under way.</param>
public sealed record InviteDocument(string Id, string Participant, string Mode, string State, string Expires, string? Code, string? Fingerprint, string? Outcome);

/// <summary>Body of <c>POST /v1/join</c>.</summary>
/// <param name="Code">From the admin of the folder.</param>
/// <param name="Author">What this computer is called there; null for what the code says.</param>
/// <param name="Directory">Absolute.</param>
/// <param name="Name">What the folder is called on this computer; null for what the code calls it.</param>
public sealed record JoinRequest(string? Code, string? Author, string? Directory, string? Name = null);

/// <param name="Fingerprint">To be compared with what the admin sees.</param>
public sealed record JoinDocument(string Folder, string Participant, string Path, string Fingerprint);

/// <summary>Body of <c>POST /v1/magic-folder/NAME/remove</c>.</summary>
public sealed record RemoveRequest(string? Participant);

/// <summary>Body of <c>POST /v1/magic-folder/NAME/restore</c>: a version, or a time.</summary>
/// <param name="Relpath">Relative to the folder; <c>.</c> for everything.</param>
/// <param name="Version">The beginning of a version id.</param>
/// <param name="At">Seconds since the Unix epoch: as it was for this computer then.</param>
public sealed record RestoreBody(string? Relpath, string? Version, double? At);

/// <param name="Version">From which version, whose, and when it was published (milliseconds since the Unix epoch).</param>
/// <param name="Restored">Paths that are again as they were, and were not before.</param>
/// <param name="Unchanged">Paths that were so already.</param>
public sealed record RestoredDocument(string Path, string Version, string Participant, long TimeMs, int Restored, int Unchanged, IReadOnlyList<ProblemDocument> Problems);

/// <summary>Body of <c>POST /v1/magic-folder/NAME/undo</c>.</summary>
/// <param name="By">Whose changes.</param>
/// <param name="Since">Seconds since the Unix epoch, by that participant's clock.</param>
/// <param name="DryRun">Change nothing, and say what would be.</param>
public sealed record UndoBody(string? By, double? Since, bool DryRun);

/// <param name="DryRun">Nothing was changed; the paths are those that would be.</param>
/// <param name="Problems">Paths that stay as they are, and why.</param>
public sealed record UndoneDocument(string By, long SinceMs, bool DryRun, IReadOnlyList<UndonePathDocument> Paths, IReadOnlyList<ProblemDocument> Problems);

/// <param name="Action"><c>reverted</c>, <c>brought-back</c> or <c>removed</c>.</param>
public sealed record UndonePathDocument(string Path, string Action);

/// <summary>Body of <c>POST /v1/gc</c>.</summary>
/// <param name="DryRun">Free nothing, and say what would be.</param>
public sealed record CollectRequest(bool DryRun);

/// <param name="DryRun">Nothing was freed; the numbers say what would be.</param>
public sealed record CollectedDocument(bool DryRun, IReadOnlyList<CollectedFolderDocument> Folders);

/// <param name="Kept">Objects that the retained history refers to.</param>
/// <param name="Freed">Objects that are gone now.</param>
/// <param name="Bytes">Bytes of these.</param>
/// <param name="Leased">Objects that would be freed, but for the lease of another computer.</param>
/// <param name="Rewritten">Objects of which what is needed was put into new ones. In a dry run what becomes free by that is not among <paramref name="Freed"/>.</param>
/// <param name="RewrittenBytes">Bytes of what was needed of these.</param>
/// <param name="Reason">Why nothing was freed, or not all; null otherwise.</param>
public sealed record CollectedFolderDocument(string Folder, int Kept, int Freed, long Bytes, int Leased, int Rewritten, long RewrittenBytes, string? Reason);

/// <summary>Body of <c>POST /v1/config</c>.</summary>
/// <param name="Key">Which setting (docs/daemon.md).</param>
public sealed record SettingRequest(string? Key, long? Value);

/// <summary>What <c>GET /v1/config</c> answers.</summary>
/// <param name="Numbers">All other settings, by key.</param>
public sealed record SettingsDocument(string Grid, IReadOnlyDictionary<string, long> Numbers);

/// <param name="FormerState">Where the state of before is kept; null when there was none.</param>
/// <param name="Paused">It begins only when it is resumed.</param>
public sealed record RecoveredDocument(string? FormerState, bool Paused);

/// <summary>Where the state of a folder that was left is kept.</summary>
public sealed record LeftDocument(string State);

/// <summary>What <c>GET /v1/health</c> answers. Anybody on this computer may ask, so it names nothing.</summary>
/// <param name="Healthy">Everything that should work does.</param>
/// <param name="Reasons">What does not, in words; empty while all does.</param>
public sealed record HealthDocument(bool Healthy, IReadOnlyList<string> Reasons);

/// <summary>A message of the WebSocket at <c>/v1/status</c>.</summary>
public sealed record EventsDocument(IReadOnlyList<EventDocument> Events);

/// <param name="Timestamp">Seconds since the Unix epoch.</param>
/// <param name="Relpath">Of uploads and downloads.</param>
/// <param name="Id">Of an invite, like the next two.</param>
/// <param name="ParticipantName">Who is invited.</param>
/// <param name="Mode"><c>read-write</c> or <c>read-only</c>.</param>
/// <param name="Summary">In words.</param>
public sealed record EventDocument(
    string Kind, double Timestamp, string? Folder, string? Relpath, string? Id, [property: JsonPropertyName("participant-name")] string? ParticipantName, string? Mode, string? Summary);

/// <summary>What went wrong, in one line.</summary>
public sealed record ErrorDocument(string Reason);
