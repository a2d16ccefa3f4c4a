using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>The first 123 bytes of an MDMF share, not yet verified (tahoe-mutable, section 5; docs/formats/mdmf.md).</summary>
internal sealed record MdmfHeader
{
    /// <summary>Version byte, seqnum, root hash: what a test-and-set compares.</summary>
    internal const int CheckstringLength = 41;

    /// <summary>Everything before the offset table is signed.</summary>
    internal const int SignedLength = 59;

    internal const int HeaderLength = 123;

    /// <summary>Where all writers begin with salts and blocks, so that updates never move them.</summary>
    internal const int UsualDataAt = 2167;

    private const int MaxPublicKeyLength = 1024;

    private MdmfHeader()
    {
    }

    internal required long Seqnum { get; init; }

    internal required Digest RootHash { get; init; }

    internal required int N { get; init; }

    internal required MdmfGeometry Geometry { get; init; }

    internal required ReadOnlyMemory<byte> SignedBytes { get; init; }

    internal required long PrivateKeyAt { get; init; }

    internal required long ChainAt { get; init; }

    internal required long SignatureAt { get; init; }

    internal required long PublicKeyAt { get; init; }

    internal required long PublicKeyEnd { get; init; }

    internal required long DataAt { get; init; }

    internal required long TreeAt { get; init; }

    internal int K => Geometry.K;

    internal ShareClaim Claim => new(MutableFormat.Mdmf, Seqnum, RootHash, K, N, Geometry.Length, SignedBytes, SignedBytes[..CheckstringLength]);

    /// <summary>Takes the header apart and checks that the sections fit each other and the share. What stands behind the end is ignored.</summary>
    /// <param name="share">The first bytes, at least 123 if the share has as many.</param>
    /// <param name="shareLength">Of the whole share, in bytes.</param>
    /// <exception cref="DamagedShareException">Truncated, of another version, or with contradictions.</exception>
    internal static MdmfHeader Parse(ReadOnlyMemory<byte> share, long shareLength)
    {
        var bytes = share.Span;
        if (!bytes.IsEmpty && bytes[0] != 1)
        {
            throw bytes[0] == 0
                ? new DamagedShareException(ShareDamage.NeedsSdmf, "The mutable share is in the other format, SDMF.")
                : new DamagedShareException(ShareDamage.UnknownVersion, $"Mutable shares of version {bytes[0]} are not known here.");
        }

        if (bytes.Length < HeaderLength)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The mutable share is shorter than its header.");
        }

        Span<long> bounds = stackalloc long[8];
        for (var i = 0; i < bounds.Length; i++)
        {
            bounds[i] = ReadNumber(bytes[(SignedLength + (8 * i))..]);
        }

        if (bounds[^1] > shareLength)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The mutable share ends before its last section.");
        }

        var previous = (long)HeaderLength;
        foreach (var bound in bounds)
        {
            previous = bound >= previous ? bound : throw Contradiction();
        }

        var parsed = new MdmfHeader
        {
            Seqnum = ReadNumber(bytes[1..]),
            RootHash = Digest.From(bytes[9..41]),
            N = bytes[42],
            Geometry = MdmfGeometry.For(bytes[41], ReadNumber(bytes[43..]), ReadNumber(bytes[51..])) ?? throw Contradiction(),
            SignedBytes = share[..SignedLength],
            PrivateKeyAt = bounds[0],
            ChainAt = bounds[1],
            SignatureAt = bounds[2],
            PublicKeyAt = bounds[3],
            PublicKeyEnd = bounds[4],
            DataAt = bounds[5],
            TreeAt = bounds[6],
        };
        return parsed.IsConsistent(bounds[7]) ? parsed : throw Contradiction();
    }

    private bool IsConsistent(long end)
        => Seqnum >= 1
        && N >= K
        && TreeAt - DataAt == Geometry.DataSize
        && end - TreeAt == Geometry.TreeSize
        && ChainAt - PrivateKeyAt <= RsaKeyBytes.MaxPrivateKeyLength
        && (SignatureAt - ChainAt) % HashChain.EntrySize == 0
        && SignatureAt - ChainAt <= MerkleTree.NodeCountFor(N) * HashChain.EntrySize
        && PublicKeyAt - SignatureAt == StatementSignature.Length
        && PublicKeyEnd - PublicKeyAt <= MaxPublicKeyLength;

    private static long ReadNumber(ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return value >= 0 ? value : throw new DamagedShareException(ShareDamage.BadLayout, "A number in the mutable share is beyond 63 bits.");
    }

    private static DamagedShareException Contradiction() => new(ShareDamage.BadLayout, "The fields of the mutable share contradict each other.");
}
