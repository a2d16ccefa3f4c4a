using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>What a mutable share of either format claims in its header: which version it is of. Shares of one version carry the very same signed bytes.</summary>
/// <param name="Format">Decided by the share, not by the cap.</param>
/// <param name="Seqnum">From 1.</param>
/// <param name="RootHash">Root of the share hash tree.</param>
/// <param name="K">How many shares are needed.</param>
/// <param name="N">How many shares there are to be.</param>
/// <param name="Length">Of the plaintext, in bytes.</param>
/// <param name="SignedBytes">Where all of that stands.</param>
/// <param name="Checkstring">Their beginning: what a test-and-set compares.</param>
internal sealed record ShareClaim(
    MutableFormat Format, long Seqnum, Digest RootHash, int K, int N, long Length, ReadOnlyMemory<byte> SignedBytes, ReadOnlyMemory<byte> Checkstring)
{
    internal bool IsSameVersion(ShareClaim other) => SignedBytes.Span.SequenceEqual(other.SignedBytes.Span);
}
