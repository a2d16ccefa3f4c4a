using System.Buffers.Binary;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Model.Tests;

/// <summary>Values to test with.</summary>
internal static class Some
{
    public static ActorId Actor(int number) => new((UInt128)(uint)number << 96 | 7u);

    public static Dot Dot(int actor, long seq) => new(Actor(actor), seq);

    public static BlobId Content(long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return BlobId.Of(bytes);
    }

    public static EntryValue File(long content) => EntryValue.File(Content(content), content & 0xFFFF, 1_700_000_000_000_000_000 + content, 0x1A4);

    public static Entry Entry(long content, int actor = 1, long seq = 1) => Model.Versions.Entry.Of(Dot(actor, seq), File(content));

    public static RelativePath Path(string text) => RelativePath.Parse(text);

    /// <summary>A path of a thousand-directory tree.</summary>
    public static RelativePath Path(int number) => RelativePath.Parse($"d{number / 100 % 1000:000}/sub/file-{number:0000000}.txt");

    public static DmtEdit Put(string path, long content) => new(Path(path), Entry(content));

    public static DmtEdit Remove(string path) => new(Path(path), null);

    public static Entry RandomEntry(Random random)
    {
        int count = random.Next(10) == 0 ? random.Next(2, 5) : 1;
        var siblings = new List<Sibling>();
        for (int i = 0; i < count; i++) siblings.Add(new Sibling(Dot(random.Next(1, 4), 10 * i + random.Next(1, 10)), RandomValue(random)));
        return Model.Versions.Entry.From(siblings)!;
    }

    public static EntryValue RandomValue(Random random) => random.Next(12) switch
    {
        0 => EntryValue.Directory(random.NextInt64(long.MinValue, long.MaxValue), random.Next(0x1000)),
        1 => EntryValue.Symlink(new string('ü', random.Next(1, 50)), random.NextInt64()),
        2 => EntryValue.File(Content(random.Next(5)), random.NextInt64(), -random.NextInt64(), random.Next(0x1000)),
        _ => File(random.Next(1000)),
    };

    /// <summary>Distinct paths, some inside of others.</summary>
    public static RelativePath RandomPath(Random random, int variety)
    {
        string text = $"{random.Next(variety)}";
        for (int depth = random.Next(4); depth > 0; depth--) text += $"/{"abcé-"[random.Next(5)]}{random.Next(variety)}";
        return Path(text);
    }

    public static SortedDictionary<RelativePath, Entry> RandomMap(Random random, int count)
    {
        var map = new SortedDictionary<RelativePath, Entry>();
        for (int i = 0; i < count; i++) map[RandomPath(random, count)] = RandomEntry(random);
        return map;
    }

    public static Dmt Tree(INodeStore store, IEnumerable<KeyValuePair<RelativePath, Entry>> map) =>
        Dmt.Empty(store).With(map.Select(pair => new DmtEdit(pair.Key, pair.Value)));
}
