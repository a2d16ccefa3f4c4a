using System.Formats.Cbor;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Versions;

namespace MagicFolder.Sync.Tests.Hostile;

/// <summary>The bytes of a leaf of a tree, with paths and values that no honest writer makes (docs/formats/dmt.md).</summary>
internal sealed class CraftedLeaf(ActorId actor, long seq)
{
    private readonly List<(byte[] Key, Action<CborWriter> Write)> _items = [];

    internal ulong Version { get; init; } = 1;

    internal CraftedLeaf File(byte[] key, BlobId content, ulong size, ulong mode = 0x1A4, long mtime = 0, ulong kind = 0) => Item(key, writer =>
    {
        writer.WriteStartArray(7);
        Head(writer, kind, mtime);
        writer.WriteUInt64(mode);
        writer.WriteUInt64(size);
        writer.WriteByteString(CraftedPack.Bytes(content));
        writer.WriteEndArray();
    });

    internal CraftedLeaf Directory(byte[] key, ulong mode = 0x1ED, ulong kind = 1) => Item(key, writer =>
    {
        writer.WriteStartArray(5);
        Head(writer, kind, 0);
        writer.WriteUInt64(mode);
        writer.WriteEndArray();
    });

    internal CraftedLeaf Symlink(byte[] key, string target) => Item(key, writer =>
    {
        writer.WriteStartArray(5);
        Head(writer, 2, 0);
        writer.WriteTextString(target);
        writer.WriteEndArray();
    });

    internal byte[] ToArray()
    {
        var writer = new CborWriter(CborConformanceMode.Canonical);
        writer.WriteStartArray(4);
        writer.WriteUInt64(Version);
        writer.WriteInt32(0);
        writer.WriteStartArray(1);
        writer.WriteByteString(actor.ToArray());
        writer.WriteEndArray();
        writer.WriteStartArray(_items.Count);
        byte[] previous = [];
        foreach (var (key, write) in _items)
        {
            int shared = key.AsSpan().CommonPrefixLength(previous);
            writer.WriteStartArray(3);
            writer.WriteInt32(shared);
            writer.WriteByteString(key.AsSpan(shared));
            write(writer);
            writer.WriteEndArray();
            previous = key;
        }
        writer.WriteEndArray();
        writer.WriteEndArray();
        return writer.Encode();
    }

    private void Head(CborWriter writer, ulong kind, long mtime)
    {
        writer.WriteInt32(0);
        writer.WriteInt64(seq);
        writer.WriteUInt64(kind);
        writer.WriteInt64(mtime);
    }

    private CraftedLeaf Item(byte[] key, Action<CborWriter> write)
    {
        _items.Add((key, write));
        return this;
    }
}
