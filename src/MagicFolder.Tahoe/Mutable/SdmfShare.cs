using System.Buffers.Binary;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Mutable;

/// <summary>
/// An SDMF share taken apart, not yet verified (tahoe-mutable, section 4; docs/formats/sdmf.md). The slices share memory with the bytes it was parsed
/// from, which must not change.
/// </summary>
public sealed record SdmfShare
{
    /// <summary>Version byte, seqnum, root hash, IV: what a test-and-set compares.</summary>
    public const int CheckstringLength = 57;

    /// <summary>Everything before the offset table is signed.</summary>
    public const int SignedLength = 75;

    internal const int HeaderLength = 107;

    private const int EndAt = 99;

    private SdmfShare()
    {
    }

    /// <summary>From 1.</summary>
    public required long Seqnum { get; init; }

    /// <summary>Root of the share hash tree.</summary>
    public required Digest RootHash { get; init; }

    public required int K { get; init; }

    public required int N { get; init; }

    /// <summary>Data length rounded up to a multiple of k.</summary>
    public required long SegmentSize { get; init; }

    /// <summary>Of the plaintext, in bytes.</summary>
    public required long DataLength { get; init; }

    /// <summary>16 bytes.</summary>
    public required ReadOnlyMemory<byte> Iv { get; init; }

    public required ReadOnlyMemory<byte> Checkstring { get; init; }

    public required ReadOnlyMemory<byte> SignedBytes { get; init; }

    /// <summary>SubjectPublicKeyInfo DER.</summary>
    public required ReadOnlyMemory<byte> PublicKey { get; init; }

    public required ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>Node numbers and hashes that lead from this share's block tree root to the root hash.</summary>
    public required ReadOnlyMemory<byte> Chain { get; init; }

    public required ReadOnlyMemory<byte> BlockTree { get; init; }

    /// <summary>The one block of this share.</summary>
    public required ReadOnlyMemory<byte> Block { get; init; }

    public required ReadOnlyMemory<byte> EncryptedPrivateKey { get; init; }

    internal ShareClaim Claim => new(MutableFormat.Sdmf, Seqnum, RootHash, K, N, DataLength, SignedBytes, Checkstring);

    /// <summary>Takes a share apart. Bytes after its end, which older and longer versions leave in a container, are ignored.</summary>
    /// <exception cref="DamagedShareException">Truncated, of another version, or with contradictions.</exception>
    public static SdmfShare Parse(ReadOnlyMemory<byte> share)
    {
        var bytes = share.Span;
        if (bytes.IsEmpty)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The mutable share is empty.");
        }

        if (bytes[0] != 0)
        {
            throw bytes[0] == 1
                ? new DamagedShareException(ShareDamage.NeedsMdmf, "The mutable share is in the other format, MDMF.")
                : new DamagedShareException(ShareDamage.UnknownVersion, $"Mutable shares of version {bytes[0]} are not known here.");
        }

        if (bytes.Length < HeaderLength)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The mutable share is shorter than its header.");
        }

        Span<int> bounds = stackalloc int[7];
        ReadBounds(bytes, bounds);
        var parsed = new SdmfShare
        {
            Seqnum = ReadLength(bytes[1..]),
            RootHash = Digest.From(bytes[9..41]),
            K = bytes[57],
            N = bytes[58],
            SegmentSize = ReadLength(bytes[59..]),
            DataLength = ReadLength(bytes[67..]),
            Iv = share[41..57],
            Checkstring = share[..CheckstringLength],
            SignedBytes = share[..SignedLength],
            PublicKey = share[bounds[0]..bounds[1]],
            Signature = share[bounds[1]..bounds[2]],
            Chain = share[bounds[2]..bounds[3]],
            BlockTree = share[bounds[3]..bounds[4]],
            Block = share[bounds[4]..bounds[5]],
            EncryptedPrivateKey = share[bounds[5]..bounds[6]],
        };
        return parsed.IsConsistent()
            ? parsed
            : throw new DamagedShareException(ShareDamage.BadLayout, "The fields of the mutable share contradict each other.");
    }

    /// <summary>Kind and version only.</summary>
    public override string ToString() => $"SdmfShare(seqnum {Seqnum}, {DataLength} bytes)";

    /// <summary>Where the share says that it ends, in bytes; 0 if these first bytes hold no header.</summary>
    internal static long EndOf(ReadOnlySpan<byte> head)
        => head.Length < HeaderLength || head[0] != 0 ? 0 : (long)Math.Min(long.MaxValue, BinaryPrimitives.ReadUInt64BigEndian(head[EndAt..]));

    private static void ReadBounds(ReadOnlySpan<byte> bytes, Span<int> bounds)
    {
        ReadOnlySpan<ulong> read =
        [
            HeaderLength,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[75..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[79..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[83..]),
            BinaryPrimitives.ReadUInt32BigEndian(bytes[87..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[91..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[EndAt..]),
        ];
        if (read[^1] > (ulong)bytes.Length)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The mutable share ends before its last section.");
        }

        for (var i = 0; i < read.Length; i++)
        {
            if (read[i] > read[^1] || (i > 0 && read[i] < read[i - 1]))
            {
                throw new DamagedShareException(ShareDamage.BadLayout, "The sections of the mutable share are out of order.");
            }

            bounds[i] = (int)read[i];
        }
    }

    private static long ReadLength(ReadOnlySpan<byte> bytes)
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(bytes);
        return value >= 0 ? value : throw new DamagedShareException(ShareDamage.BadLayout, "A number in the mutable share is beyond 63 bits.");
    }

    private bool IsConsistent()
        => Seqnum >= 1
        && K >= 1
        && N >= K
        && DataLength <= SegmentSize
        && SegmentSize - DataLength < K
        && SegmentSize % K == 0
        && Block.Length == SegmentSize / K
        && BlockTree.Length == Digest.Length
        && Chain.Length % HashChain.EntrySize == 0;
}
