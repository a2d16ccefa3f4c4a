using System.Buffers.Binary;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>Where the sections of an immutable share stand, in bytes from its start (tahoe-immutable, section 7; docs/formats/chk.md).</summary>
/// <param name="Version">1 has fields of 4 bytes, 2 of 8 bytes.</param>
/// <param name="Data">Blocks, in the order of the segments.</param>
/// <param name="PlaintextTree">Obsolete; written as zeros and never read.</param>
/// <param name="CiphertextTree">Tree of the segment hashes.</param>
/// <param name="BlockTree">Tree of this share's block hashes.</param>
/// <param name="Chain">What leads from this share's block tree root to the share root.</param>
/// <param name="UriExtension">Length field and URI extension block.</param>
internal readonly record struct ChkShareLayout(
    int Version, long Data, long PlaintextTree, long CiphertextTree, long BlockTree, long Chain, long UriExtension)
{
    internal const int MaxHeaderSize = HeaderSize2;

    private const int HeaderSize1 = 0x24;
    private const int HeaderSize2 = 0x44;

    internal int LengthFieldSize => Version == 1 ? 4 : 8;

    /// <summary>The tightly packed layout that writers use: version 1 wherever it fits.</summary>
    internal static ChkShareLayout ForWriting(in ChkGeometry geometry, int chainEntries)
    {
        var layout = Pack(1, HeaderSize1, geometry, chainEntries);
        return layout.UriExtension <= uint.MaxValue ? layout : Pack(2, HeaderSize2, geometry, chainEntries);
    }

    internal byte[] WriteHeader(in ChkGeometry geometry)
    {
        var header = new byte[Data];
        BinaryPrimitives.WriteInt32BigEndian(header, Version);
        ReadOnlySpan<long> fields = [geometry.BlockSize, geometry.ShareDataSize, Data, PlaintextTree, CiphertextTree, BlockTree, Chain, UriExtension];
        for (var i = 0; i < fields.Length; i++)
        {
            if (Version == 1)
            {
                BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4 + (4 * i)), (uint)fields[i]);
            }
            else
            {
                BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(4 + (8 * i)), fields[i]);
            }
        }

        return header;
    }

    /// <summary>Reads the header. The two informational sizes in it are ignored, as other readers do.</summary>
    /// <param name="header">The first <see cref="MaxHeaderSize"/> bytes of the share, or all of a shorter one.</param>
    /// <param name="shareLength">Length of the share; every section must start within it.</param>
    /// <exception cref="DamagedShareException">Truncated, of an unknown version, or with impossible offsets.</exception>
    internal static ChkShareLayout Parse(ReadOnlySpan<byte> header, long shareLength)
    {
        if (header.Length < HeaderSize1)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share is shorter than its header.");
        }

        var version = BinaryPrimitives.ReadUInt32BigEndian(header);
        if (version is not (1 or 2))
        {
            throw new DamagedShareException(ShareDamage.UnknownVersion, $"Immutable shares of version {version} are not known here.");
        }

        if (version == 2 && header.Length < HeaderSize2)
        {
            throw new DamagedShareException(ShareDamage.Truncated, "The share is shorter than its header.");
        }

        Span<long> offsets = stackalloc long[6];
        for (var i = 0; i < offsets.Length; i++)
        {
            var offset = version == 1
                ? BinaryPrimitives.ReadUInt32BigEndian(header[(0x0c + (4 * i))..])
                : BinaryPrimitives.ReadUInt64BigEndian(header[(0x14 + (8 * i))..]);
            if (offset > (ulong)shareLength)
            {
                throw new DamagedShareException(ShareDamage.Truncated, "The share ends before one of its sections.");
            }

            offsets[i] = (long)offset;
        }

        var layout = new ChkShareLayout((int)version, offsets[0], offsets[1], offsets[2], offsets[3], offsets[4], offsets[5]);
        if (layout.Chain < layout.BlockTree || (layout.Chain - layout.BlockTree) % Digest.Length != 0
            || layout.UriExtension < layout.Chain || (layout.UriExtension - layout.Chain) % HashChain.EntrySize != 0)
        {
            throw new DamagedShareException(ShareDamage.BadLayout, "The sections of the share contradict each other.");
        }

        return layout;
    }

    private static ChkShareLayout Pack(int version, int headerSize, in ChkGeometry geometry, int chainEntries)
    {
        long tree = (long)MerkleTree.NodeCountFor(geometry.SegmentCount) * Digest.Length;
        var plaintextTree = headerSize + geometry.ShareDataSize;
        return new ChkShareLayout(
            version,
            headerSize,
            plaintextTree,
            plaintextTree + tree,
            plaintextTree + (2 * tree),
            plaintextTree + (3 * tree),
            plaintextTree + (3 * tree) + (chainEntries * HashChain.EntrySize));
    }
}
