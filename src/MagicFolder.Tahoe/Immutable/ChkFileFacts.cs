using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>What all shares of a file have in common, verified against its cap. Immutable. Holds 32 bytes per segment.</summary>
/// <param name="Geometry">Sizes.</param>
/// <param name="UriExtension">The URI extension block.</param>
/// <param name="UriExtensionBytes">The same, as it stands in the shares.</param>
/// <param name="SegmentHashes">Leaves of the ciphertext tree.</param>
internal sealed record ChkFileFacts(ChkGeometry Geometry, UriExtension UriExtension, byte[] UriExtensionBytes, byte[] SegmentHashes)
{
    /// <summary>Whether bytes are the ciphertext of a segment, without padding.</summary>
    internal bool IsSegment(int segment, ReadOnlySpan<byte> ciphertext) => LeafMatches(HashTags.CiphertextSegment, ciphertext, SegmentHashes, segment);

    internal static bool LeafMatches(ReadOnlySpan<byte> tag, ReadOnlySpan<byte> bytes, byte[] leaves, int leaf)
    {
        Span<byte> hash = stackalloc byte[Digest.Length];
        TaggedHash.Compute(tag, bytes, hash);
        return hash.SequenceEqual(leaves.AsSpan(leaf * Digest.Length, Digest.Length));
    }
}
