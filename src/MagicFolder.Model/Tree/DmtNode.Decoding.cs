using MagicFolder.Model.Cbor;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tree;

public sealed partial class DmtNode
{
    /// <summary>
    /// Checks everything that can be checked of a node alone: canonical encoding, order, limits, paths, and that nothing before its last item would
    /// have ended it. Whether children fit their descriptions is checked by <see cref="Dmt.Verify"/>.
    /// </summary>
    /// <exception cref="DamagedBytesException">Anything is wrong.</exception>
    public static DmtNode Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length > NodeBoundary.MaxNodeBytes) throw Damage(DamageReason.TooLarge, "it is longer than 1 MiB");
        var reader = new CanonicalReader(bytes.Span);
        int fields = reader.Array(16);
        // The version decides what follows, so it is read before the shape is judged.
        reader.Version(FormatVersion);
        int level = (int)reader.Unsigned(NodeBoundary.MaxLevel);
        if (fields != (level == 0 ? 4 : 3)) throw Damage(DamageReason.Malformed, "it has the wrong number of fields");
        var node = level == 0 ? DecodeLeaf(ref reader, bytes.Length) : DecodeInterior(ref reader, level, bytes.Length);
        reader.End();
        return node;
    }

    private static DmtNode DecodeLeaf(ref CanonicalReader reader, int length)
    {
        var actors = ReadActors(ref reader);
        var used = new bool[actors.Length];
        var items = new DmtItem[reader.Array(NodeBoundary.MaxItems)];
        Span<byte> key = stackalloc byte[RelativePath.MaxLength];
        int keyLength = 0;
        int weight = 0;
        for (int i = 0; i < items.Length; i++)
        {
            if (i > 0) RequireOpen(0, weight, items[i - 1].Path);
            int siblings = reader.Array(2 + NodeBoundary.MaxSiblings) - 2;
            if (siblings < 1) throw Damage(DamageReason.Malformed, "an entry has no versions");
            var path = ReadPath(ref reader, key, ref keyLength);
            var entry = ReadEntry(ref reader, siblings, actors, used);
            if (NodeBoundary.Weigh(entry) > NodeBoundary.MaxEntryWeight) throw Damage(DamageReason.TooLarge, "an entry is too heavy");
            items[i] = new DmtItem(path, entry);
            weight += NodeBoundary.Weigh(items[i]);
        }
        if (used.AsSpan().Contains(false)) throw Damage(DamageReason.Malformed, "it lists an actor that made none of its versions");
        return new DmtNode(0, items, [], length);
    }

    private static DmtNode DecodeInterior(ref CanonicalReader reader, int level, int length)
    {
        var children = new DmtChild[reader.Array(NodeBoundary.MaxItems)];
        if (children.Length == 0) throw Damage(DamageReason.Malformed, "an interior node has no children");
        Span<byte> key = stackalloc byte[RelativePath.MaxLength];
        int keyLength = 0;
        int weight = 0;
        for (int i = 0; i < children.Length; i++)
        {
            if (i > 0) RequireOpen(level, weight, children[i - 1].Last);
            reader.ArrayOf(8);
            var last = ReadPath(ref reader, key, ref keyLength);
            var id = reader.Id();
            children[i] = new DmtChild(id, last, new DmtSummary(
                reader.Unsigned(long.MaxValue),
                reader.Unsigned(long.MaxValue),
                reader.Unsigned(long.MaxValue),
                reader.Unsigned(long.MaxValue),
                reader.Unsigned(long.MaxValue)));
            weight += NodeBoundary.Weigh(children[i]);
        }
        return new DmtNode(level, [], children, length);
    }

    private static ActorId[] ReadActors(ref CanonicalReader reader)
    {
        int count = reader.Array(NodeBoundary.MaxItems * NodeBoundary.MaxSiblings);
        if (count > reader.Remaining / (1 + ActorId.Length)) throw Damage(DamageReason.Malformed, "it lists more actors than it has room for");
        var actors = new ActorId[count];
        for (int i = 0; i < actors.Length; i++)
        {
            actors[i] = reader.Actor();
            if (i > 0 && actors[i].CompareTo(actors[i - 1]) <= 0) throw Damage(DamageReason.Malformed, "its actors are not ascending");
        }
        return actors;
    }

    private static Entry ReadEntry(ref CanonicalReader reader, int count, ActorId[] actors, bool[] used)
    {
        var first = ReadSibling(ref reader, actors, used);
        if (count == 1) return Entry.Of(first.Dot, first.Value);
        var siblings = new Sibling[count];
        siblings[0] = first;
        for (int i = 1; i < count; i++)
        {
            siblings[i] = ReadSibling(ref reader, actors, used);
            if (siblings[i].Dot.CompareTo(siblings[i - 1].Dot) <= 0) throw Damage(DamageReason.Malformed, "versions are not ascending");
        }
        return Entry.From(siblings)!;
    }

    private static Sibling ReadSibling(ref CanonicalReader reader, ActorId[] actors, bool[] used)
    {
        int fields = reader.Array(7);
        long actor = reader.Unsigned(int.MaxValue);
        if (actor >= actors.Length) throw Damage(DamageReason.Malformed, "a version names no actor");
        used[actor] = true;
        long seq = reader.Unsigned(long.MaxValue);
        if (seq == 0) throw Damage(DamageReason.Malformed, "a version has the number 0");
        long kind = reader.Unsigned((long)EntryKind.Symlink);
        if (fields != (kind == (long)EntryKind.File ? 7 : 5)) throw Damage(DamageReason.Malformed, "a version has the wrong number of fields");
        long mtime = reader.Signed();
        return new Sibling(new Dot(actors[actor], seq), ReadValue(ref reader, (EntryKind)kind, mtime));
    }

    private static EntryValue ReadValue(ref CanonicalReader reader, EntryKind kind, long mtime)
    {
        if (kind == EntryKind.Symlink)
        {
            string target = reader.Text(EntryValue.MaxLinkTargetLength);
            if (target.Length == 0 || target.Contains('\0')) throw Damage(DamageReason.Malformed, "a link has no proper target");
            return EntryValue.Symlink(target, mtime);
        }
        int mode = (int)reader.Unsigned(0xFFF);
        if (kind == EntryKind.Directory) return EntryValue.Directory(mtime, mode);
        long size = reader.Unsigned(long.MaxValue);
        return EntryValue.File(reader.Id(), size, mtime, mode);
    }

    /// <summary>The node goes on behind this path, so the path must not have ended it: else the same map would have two trees.</summary>
    private static void RequireOpen(int level, int weight, RelativePath path)
    {
        if (NodeBoundary.IsFull(level, weight) || NodeBoundary.Ends(level, path)) throw Damage(DamageReason.Malformed, "it goes on behind its end");
    }

    private static DamagedBytesException Damage(DamageReason reason, string what) => new(reason, $"A tree node is damaged: {what}.");

    /// <summary>Undoes the prefix compression of ascending keys, and checks each as a path.</summary>
    /// <param name="reader">Before the length of the shared prefix.</param>
    /// <param name="key">Holds the previous key, then this one.</param>
    /// <param name="length">Of the key; 0 before the first.</param>
    private static RelativePath ReadPath(ref CanonicalReader reader, scoped Span<byte> key, ref int length)
    {
        int shared = (int)reader.Unsigned(RelativePath.MaxLength);
        var suffix = reader.Bytes(RelativePath.MaxLength);
        if (shared > length || suffix.IsEmpty) throw Damage(DamageReason.Malformed, "its paths are not ascending");
        // Where the previous path goes on behind the shared part, this one must go on greater; so that part is also the longest shared.
        if (shared < length && suffix[0] <= key[shared]) throw Damage(DamageReason.Malformed, "its paths are not ascending");
        if (shared + suffix.Length > RelativePath.MaxLength) throw Damage(DamageReason.BadPath, "a path is too long");
        suffix.CopyTo(key[shared..]);
        length = shared + suffix.Length;
        if (!RelativePath.TryFromKey(key[..length], out var path, out var fault)) throw Damage(DamageReason.BadPath, $"a path is not allowed ({fault})");
        return path.IsReserved ? throw Damage(DamageReason.BadPath, "a path is reserved") : path;
    }
}
