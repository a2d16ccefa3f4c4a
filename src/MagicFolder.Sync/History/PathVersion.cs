using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>What a path was in one snapshot; null for nothing.</summary>
internal readonly record struct PathState(LoggedSnapshot Snapshot, Entry? Entry);

/// <summary>One version that a path had.</summary>
/// <param name="Snapshot">The snapshot that first published it or, if that is not there any more, the oldest that has it: from there it can be restored.</param>
/// <param name="Participant">Who made it.</param>
/// <param name="Seq">The number of the snapshot with which it was made.</param>
/// <param name="Value">What it was; null for a deletion.</param>
public sealed record PathVersion(LoggedSnapshot Snapshot, string Participant, long Seq, EntryValue? Value);
