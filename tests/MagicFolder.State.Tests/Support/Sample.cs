using System.Collections.Immutable;
using System.Text;
using MagicFolder.Model.Blobs;
using MagicFolder.Model.Materialized;
using MagicFolder.Model.Paths;
using MagicFolder.Model.Versions;

namespace MagicFolder.State.Tests.Support;

/// <summary>Values for tests; those with the same number are equal.</summary>
internal static class Sample
{
    public static BlobId Blob(int n) => BlobId.Of(Encoding.UTF8.GetBytes($"blob {n}"));

    public static ActorId Actor(int n) => new(((UInt128)0xFFEE_DDCC_BBAA_9988UL << 64) | (uint)n);

    public static ImmutableArray<Dot> Dots(params int[] seqs) => [.. seqs.Select(seq => new Dot(Actor(seq), seq))];

    public static RelativePath Path(string text) => RelativePath.Parse(text);

    public static EntryValue File(int n) => EntryValue.File(Blob(n), 1000L + n, -5 + n, 0x1A4);

    public static DiskSignature Signature(int n) => new(1000L + n, long.MinValue + n, long.MaxValue - n, ulong.MaxValue - (uint)n, 1UL << 63, (n % 3) switch { 0 => null, 1 => true, _ => false });

    public static MaterializedRecord Record(string path, int n = 1) => new(Path(path), Dots(n), File(n), Signature(n));

    public static ConflictFile Conflict(string file, string main, int n = 1) => new(Path(file), Path(main), Dots(n, n + 1), File(n), Signature(n));

    /// <summary>Records compare their dots by reference; this looks into them.</summary>
    public static void ShouldMatch(this MaterializedRecord? actual, MaterializedRecord expected)
    {
        actual.ShouldNotBeNull();
        actual.Dots.ShouldBe(expected.Dots);
        (actual with { Dots = expected.Dots }).ShouldBe(expected);
    }

    public static void ShouldMatch(this ConflictFile? actual, ConflictFile expected)
    {
        actual.ShouldNotBeNull();
        actual.Dots.ShouldBe(expected.Dots);
        (actual with { Dots = expected.Dots }).ShouldBe(expected);
    }
}
