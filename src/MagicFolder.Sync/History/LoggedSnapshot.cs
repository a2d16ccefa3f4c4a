using MagicFolder.Model.Blobs;
using MagicFolder.Model.Snapshots;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.History;

/// <summary>A published snapshot that still can be read.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Participant">Who published it.</param>
/// <param name="Snapshot">What it says.</param>
public sealed record LoggedSnapshot(BlobId Id, string Participant, Snapshot Snapshot)
{
    /// <summary>Digits of a version id as it is shown.</summary>
    public const int ShownDigits = 16;

    public long Seq => Snapshot.Seq;

    /// <summary>By its maker's clock, milliseconds since the epoch.</summary>
    public long TimeMs => Snapshot.TimeMs;

    /// <summary>The id in hexadecimal; any beginning of it that no other has names the version.</summary>
    public string Version { get; } = Convert.ToHexStringLower(Id.ToArray());

    public string ShownVersion => Version[..ShownDigits];

    internal VersionContext Context { get; } = Snapshot.Context;

    /// <summary>Did its maker know that one when it published?</summary>
    internal bool HasSeen(LoggedSnapshot other) => Context.Covers(new Dot(other.Snapshot.Actor, other.Seq));
}
