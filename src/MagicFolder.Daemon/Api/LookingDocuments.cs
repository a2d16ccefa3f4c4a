using System.Text.Json.Serialization;

namespace MagicFolder.Daemon.Api;

/// <summary>What <c>GET /v1/magic-folder/NAME/history</c> answers.</summary>
/// <param name="Versions">Newest first.</param>
/// <param name="Problems">Whose history cannot be read.</param>
public sealed record HistoryDocument(IReadOnlyList<VersionDocument> Versions, IReadOnlyList<ProblemDocument> Problems);

/// <summary>A snapshot of the whole folder, or one version of a path.</summary>
/// <param name="Version">Of the snapshot; <c>restore</c> takes it.</param>
/// <param name="Time">When it was published, by its maker's clock; ISO 8601 in UTC.</param>
/// <param name="Kind"><c>snapshot</c>, or what the path was: <c>file</c>, <c>directory</c>, <c>symlink</c> or <c>deleted</c>.</param>
/// <param name="Size">Bytes of the file, or of all files of the snapshot.</param>
/// <param name="Files">Files of a snapshot; null for a path.</param>
/// <param name="Observed">The numbers of the snapshots of others that its maker had seen.</param>
public sealed record VersionDocument(
    string Version, string Participant, long Seq, string Time, string Kind, long Size, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Files,
    IReadOnlyDictionary<string, long> Observed);

/// <summary>What <c>GET /v1/magic-folder/NAME/why</c> answers. All times are ISO 8601 in UTC.</summary>
/// <param name="Here">What stands on this disk; null for nothing.</param>
/// <param name="Disk"><c>nothing</c>, <c>as-recorded</c>, <c>changed</c>, <c>missing</c>, <c>new</c> or <c>unknown</c>.</param>
/// <param name="ConflictFileOf">The path whose version stands under this name; null when it is no conflict file.</param>
/// <param name="Siblings">All current versions.</param>
/// <param name="Pending">The disk still has to be brought to what is current.</param>
/// <param name="Unpublished">The version here is still to be published.</param>
/// <param name="HeldDeletions">What the deletion guard holds back, if this path is part of it.</param>
/// <param name="Activity">What happened, newest first.</param>
/// <param name="Sentences">All of that in words.</param>
/// <param name="Told">The same sentences in parts, so that whoever shows them may write times and sizes in its own way.</param>
/// <param name="TimesUnknown">Why times of versions are missing; null when they are not.</param>
public sealed record WhyDocument(
    string Path, string Participant, StandingDocument? Here, string Disk, string? ConflictFileOf, IReadOnlyList<VersionAtDocument> Siblings, bool Conflict, bool Pending,
    bool Unpublished, HeldDocument? HeldDeletions, IReadOnlyList<ProblemDocument> Problems, IReadOnlyList<ActivityDocument> Activity, IReadOnlyList<string> Sentences,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<IReadOnlyList<PartDocument>>? Told,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TimesUnknown);

/// <param name="Participant">Who made it; null when that is not known.</param>
/// <param name="Time">When it was published; null when that is not known.</param>
public sealed record StandingDocument(string Kind, long Size, string Modified, string? Participant, long? Seq, string? Time);

/// <param name="File">Where it stands, relative to the folder; null when it is not here yet.</param>
public sealed record VersionAtDocument(string Participant, long Seq, string? Time, string Kind, long Size, string Modified, string? File);

/// <param name="Origin"><c>local</c> for what vanished here, or <c>remote</c>.</param>
public sealed record HeldDocument(string Origin, long Count, long Of, string Since);

public sealed record ActivityDocument(string Time, string Kind, string Text);

/// <summary>A part of a sentence: one of the four.</summary>
/// <param name="TimeMs">Milliseconds since the Unix epoch.</param>
/// <param name="Bytes">A size.</param>
/// <param name="Options">By which an advised command names the folder, with a space before each; whoever was asked with others may write those.</param>
public sealed record PartDocument(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Text, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? TimeMs = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Bytes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Options = null);

/// <summary>What <c>GET /v1/magic-folder/NAME/conflict-versions</c> answers.</summary>
/// <param name="Participant">Who has them so: this computer.</param>
/// <param name="Directory">Its directory.</param>
/// <param name="Conflicts">Ascending by path.</param>
public sealed record ConflictsDocument(string Folder, string Participant, string Directory, IReadOnlyList<ConflictDocument> Conflicts);

/// <param name="IsDirectory">A directory has this name, and no version is in place.</param>
public sealed record ConflictDocument(string Path, bool IsDirectory, IReadOnlyList<SiblingDocument> Versions);

/// <param name="Modified">ISO 8601 in UTC.</param>
/// <param name="File">Where it stands, relative to the folder; null when it is not here yet.</param>
/// <param name="InPlace">It stands under the path's own name, or will.</param>
public sealed record SiblingDocument(string Participant, string Kind, long Size, string Modified, string? File, bool InPlace);

/// <summary>What <c>POST /v1/magic-folder/NAME/publish</c> answers. The two caps read all that is shown.</summary>
/// <param name="Snapshot">The read cap of this snapshot.</param>
/// <param name="Directory">The read cap of the directory that has <c>Latest</c> and <c>Archives</c>.</param>
/// <param name="Time">ISO 8601 in UTC.</param>
/// <param name="Stored">Files whose content had to be stored.</param>
/// <param name="Problems">Paths that are not in it, and why.</param>
public sealed record PublishedDocument(
    string Snapshot, string Directory, string Version, string Participant, long Seq, string Time, int Files, long Bytes, int Stored, IReadOnlyList<ProblemDocument> Problems)
{
    /// <summary>Redacted.</summary>
    public override string ToString() => $"PublishedDocument({Version}, {Files} files)";
}
