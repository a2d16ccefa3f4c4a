using MagicFolder.Model.Cbor;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

public sealed partial class DmtNode
{
    internal const int FormatVersion = 1;

    /// <summary>The canonical bytes of a leaf.</summary>
    /// <param name="items">Strictly ascending by path. The caller has cut them at the boundaries; <see cref="Dmt"/> does.</param>
    public static byte[] EncodeLeaf(IReadOnlyList<DmtItem> items)
    {
        var writer = new CanonicalWriter();
        WriteLeaf(writer, [.. items]);
        return writer.ToArray();
    }

    /// <summary>The canonical bytes of an interior node.</summary>
    /// <param name="level">From 1.</param>
    /// <param name="children">At least one, strictly ascending by last path, all of the level below.</param>
    public static byte[] EncodeInterior(int level, IReadOnlyList<DmtChild> children)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(level, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(level, NodeBoundary.MaxLevel);
        var writer = new CanonicalWriter();
        WriteInterior(writer, level, [.. children]);
        return writer.ToArray();
    }

    internal static void WriteLeaf(CanonicalWriter writer, ReadOnlySpan<DmtItem> items)
    {
        var actors = ActorsOf(items);
        writer.Array(4);
        writer.Number(FormatVersion);
        writer.Number(0);
        writer.Array(actors.Count);
        foreach (var actor in actors) writer.Bytes(actor);
        writer.Array(items.Length);
        ReadOnlySpan<byte> previous = default;
        foreach (var item in items)
        {
            var key = item.Path.Key;
            int shared = key.CommonPrefixLength(previous);
            writer.Array(2 + item.Entry.Siblings.Length);
            writer.Number(shared);
            writer.Bytes(key[shared..]);
            foreach (var sibling in item.Entry.Siblings) WriteSibling(writer, sibling, actors.BinarySearch(sibling.Dot.Actor));
            previous = key;
        }
    }

    internal static void WriteInterior(CanonicalWriter writer, int level, ReadOnlySpan<DmtChild> children)
    {
        writer.Array(3);
        writer.Number(FormatVersion);
        writer.Number(level);
        writer.Array(children.Length);
        ReadOnlySpan<byte> previous = default;
        foreach (var child in children)
        {
            var key = child.Last.Key;
            int shared = key.CommonPrefixLength(previous);
            writer.Array(8);
            writer.Number(shared);
            writer.Bytes(key[shared..]);
            writer.Bytes(child.Id);
            writer.Number(child.Summary.Files);
            writer.Number(child.Summary.Directories);
            writer.Number(child.Summary.Symlinks);
            writer.Number(child.Summary.Conflicts);
            writer.Number(child.Summary.Bytes);
            previous = key;
        }
    }

    private static void WriteSibling(CanonicalWriter writer, Sibling sibling, int actor)
    {
        var value = sibling.Value;
        writer.Array(value.Kind == EntryKind.File ? 7 : 5);
        writer.Number(actor);
        writer.Number(sibling.Dot.Seq);
        writer.Number((long)value.Kind);
        writer.Number(value.MtimeNs);
        switch (value.Kind)
        {
            case EntryKind.File:
                writer.Number(value.Mode);
                writer.Number(value.Size);
                writer.Bytes(value.Content);
                break;
            case EntryKind.Directory:
                writer.Number(value.Mode);
                break;
            default:
                writer.Text(value.LinkTarget!);
                break;
        }
    }

    /// <summary>Distinct and ascending. Almost always one to three, so a sorted list is all it takes.</summary>
    private static List<ActorId> ActorsOf(ReadOnlySpan<DmtItem> items)
    {
        var actors = new List<ActorId>(4);
        foreach (var item in items)
        {
            foreach (var sibling in item.Entry.Siblings)
            {
                int index = actors.BinarySearch(sibling.Dot.Actor);
                if (index < 0) actors.Insert(~index, sibling.Dot.Actor);
            }
        }
        return actors;
    }
}
