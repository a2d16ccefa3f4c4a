using MagicFolder.Model.Blobs;
using MagicFolder.Sync.History;

namespace MagicFolder.Sync.Checking;

/// <summary>A retained snapshot that cannot be read any more.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Participant">Who published it.</param>
/// <param name="Seq">Its number.</param>
/// <param name="TimeMs">By its maker's clock, milliseconds since the epoch; 0 when its head does not tell.</param>
/// <param name="Reason">Why it cannot be read.</param>
public sealed record LostSnapshot(BlobId Id, string Participant, long Seq, long TimeMs, string Reason)
{
    /// <summary>The first digits of the id, as <c>history</c> shows versions.</summary>
    public string ShownVersion { get; } = Convert.ToHexStringLower(Id.ToArray())[..LoggedSnapshot.ShownDigits];
}
