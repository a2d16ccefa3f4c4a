using System.Collections.Immutable;
using System.Text;
using MagicFolder.Fuzzing.Mutations;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;
using MagicFolder.Snapshots.Framing;
using MagicFolder.Tahoe.Capabilities;
using MagicFolder.Tahoe.Hashing;

namespace MagicFolder.Fuzzing.Targets;

/// <summary>Valid values from a random source.</summary>
internal static class Some
{
    private static readonly string[] Names = ["a", "b", "report.docx", "é", "e\u0301", "..x", ".git", "CON", "A", "x y", "😀", "long-name-long-name-long-name-long-name", "n.conflict-bob.txt"];

    public static byte[] Bytes(Random random, int count) => ByteMutations.Bytes(random, count);

    public static ImmutableArray<byte> Frozen(Random random, int count) => [.. Bytes(random, count)];

    public static BlobId Id(Random random) => new(Bytes(random, BlobId.Length));

    public static ActorId Actor(Random random) => new((UInt128)(uint)random.Next(1, 6) << 96);

    public static Digest Digest(Random random) => Tahoe.Hashing.Digest.From(Bytes(random, 32));

    public static long Positive(Random random) => Math.Max(1, random.NextInt64() >> random.Next(63));

    public static string Name(Random random) => random.Next(3) == 0 ? $"n{random.Next(10_000)}" : Names[random.Next(Names.Length)];

    public static RelativePath Path(Random random) => RelativePath.Parse(string.Join('/', Enumerable.Range(0, random.Next(1, 4)).Select(_ => Name(random))));

    public static ChkCap ChkCap(Random random) => new(AesKey.From(Bytes(random, 16)), Digest(random), 1, random.Next(1, 4), Positive(random));

    public static MutableReadCap ReadCap(Random random) => new(MutableFormat.Sdmf, ReadKey.From(Bytes(random, 16)), Digest(random));

    public static PackRef Pack(Random random) => new(ChkCap(random).ToUriString());

    public static BlobLocation Location(Random random, PackRef pack)
    {
        var encoding = (BlobEncoding)random.Next(4);
        int stored = random.Next(BlobLimits.MaxPlainLength);
        return new BlobLocation(pack, Math.Min(Positive(random), BlobLimits.MaxPackLength / 2), stored, encoding.IsDeflated() ? random.Next(BlobLimits.MaxPlainLength) : stored, encoding);
    }

    public static EntryValue Value(Random random) => random.Next(6) switch
    {
        0 => EntryValue.Directory(random.NextInt64(long.MinValue, long.MaxValue), random.Next(0x1000)),
        1 => EntryValue.Symlink(random.Next(20) == 0 ? new string('é', 2000) : Name(random), -Positive(random)),
        _ => EntryValue.File(Id(random), Positive(random), Positive(random), random.Next(0x1000)),
    };

    public static Entry Entry(Random random)
    {
        int count = random.Next(6) == 0 ? random.Next(2, 5) : 1;
        return Model.Versions.Entry.From(Enumerable.Range(0, count).Select(i => new Sibling(new Dot(Actor(random), (10 * i) + random.Next(1, 10)), Value(random))))!;
    }

    public static SortedDictionary<RelativePath, Entry> Map(Random random, int count)
    {
        var map = new SortedDictionary<RelativePath, Entry>();
        for (int i = 0; i < count; i++) map[Path(random)] = Entry(random);
        return map;
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}
