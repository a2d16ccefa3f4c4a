using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Tree;
using MagicFolder.Model.Versions;

namespace MagicFolder.Benchmarks.Folders;

/// <summary>10,000 files, a hundred in a directory, that are on no disk: as entries of a tree, and as records.</summary>
internal static class ManyEntries
{
    internal const int Count = 10_000;

    private static readonly RelativePath[] Paths =
        [.. Enumerable.Range(0, Count).Select(i => RelativePath.Parse($"directory-{i / 100:d4}/file-{i:d6}.txt"))];

    internal static ActorId Actor(int number) => new(((UInt128)0xFFEE_DDCC_BBAA_9988UL << 64) | (uint)number);

    /// <summary>All of them, made by one actor.</summary>
    internal static Dmt Tree(INodeStore nodes, ActorId actor) => Dmt.Empty(nodes).With(Paths.Select((path, i) => new DmtEdit(path, Entry.Of(new Dot(actor, 1), Value(i, 1)))));

    /// <summary>Every twentieth entry changed, beginning at <paramref name="first"/>.</summary>
    internal static Dmt Changed(Dmt tree, ActorId actor, int first) => tree.With(
        Enumerable.Range(0, Count).Where(i => i % 20 == first).Select(i => new DmtEdit(Paths[i], Entry.Of(new Dot(actor, 1), Value(i, 2)))));

    internal static MaterializedRecord[] Records() =>
    [
        .. Paths.Select((path, i) => new MaterializedRecord(path, [new Dot(Actor(1), 1)], Value(i, 1), new DiskSignature(1000 + i, MtimeNs(i), MtimeNs(i), (ulong)i, 1))),
    ];

    private static EntryValue Value(int number, int version) => EntryValue.File(BlobId.Of(BitConverter.GetBytes((number * 10) + version)), 1000 + number, MtimeNs(number), 0x1A4);

    private static long MtimeNs(int number) => 1_700_000_000_000_000_000 + (number * 1_234_567_891L);
}
