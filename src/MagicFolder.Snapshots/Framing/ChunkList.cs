using System.Collections.Immutable;
using MagicFolder.Model;
using MagicFolder.Model.Blobs;

namespace MagicFolder.Snapshots.Framing;

/// <summary>
/// The parts of a content in order (docs/formats/chunks.md, section 3). At level 0 the parts are chunks; at a higher level they are lists of the level below,
/// so that no list grows without bounds. Immutable.
/// </summary>
internal sealed class ChunkList
{
    public const int Version = 1;

    /// <summary>Parts of the longest list: with its table less than 4 MiB.</summary>
    public const int MaxParts = 16 * 1024;

    /// <summary>Levels of the highest list: enough for 2^62 bytes in chunks of the least length.</summary>
    public const int MaxLevel = 3;

    private const string What = "chunk list";

    public ChunkList(int level, ImmutableArray<ChunkListPart> parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(level);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, MaxLevel);
        if (parts.Length is < 1 or > MaxParts) throw new ArgumentException("A chunk list has 1 to 16,384 parts.", nameof(parts));
        Level = level;
        Parts = parts;
        long size = 0;
        foreach (var part in parts) size = checked(size + part.Length);
        Size = size;
    }

    public int Level { get; }

    public ImmutableArray<ChunkListPart> Parts { get; }

    /// <summary>Bytes of content in all parts.</summary>
    public long Size { get; }

    public byte[] Encode()
    {
        var writer = CanonicalCbor.NewWriter();
        writer.WriteStartArray(3);
        writer.WriteInt32(Version);
        writer.WriteInt32(Level);
        writer.WriteStartArray(Parts.Length * 2);
        foreach (var part in Parts)
        {
            writer.WriteInt64(part.Length);
            writer.WriteBlobId(part.Id);
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    /// <exception cref="DamagedBytesException">Not a chunk list, or one of a newer format.</exception>
    public static ChunkList Decode(ReadOnlyMemory<byte> bytes) => CanonicalCbor.Decode(bytes, What, reader =>
    {
        reader.ReadVersionedArray(What, Version, 3);
        int level = (int)reader.ReadNumber(What, MaxLevel);
        int count = reader.ReadCount(What, MaxParts * 2);
        if (count == 0 || count % 2 != 0) throw CanonicalCbor.Malformed(What);
        var parts = ImmutableArray.CreateBuilder<ChunkListPart>(count / 2);
        for (int i = 0; i < count; i += 2)
        {
            long length = reader.ReadNumber(What, level == 0 ? BlobLimits.MaxPlainLength : long.MaxValue);
            if (length == 0) throw CanonicalCbor.Malformed(What);
            parts.Add(new ChunkListPart(reader.ReadBlobId(What), length));
        }
        reader.ReadEndArray();
        reader.ReadEndArray();
        return new ChunkList(level, parts.MoveToImmutable());
    });
}
