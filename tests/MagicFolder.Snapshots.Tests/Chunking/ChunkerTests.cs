using MagicFolder.Model.Blobs;
using MagicFolder.Snapshots.Chunking;
using MagicFolder.Snapshots.Tests.Doubles;

namespace MagicFolder.Snapshots.Tests.Chunking;

public sealed class ChunkerTests
{
    private static readonly Chunker Keyed = new(Room.Key);

    [Fact]
    public void ChunksStayWithinTheirLimitsAndNearTheAverage()
    {
        var lengths = Cut(Keyed, Room.RandomBytes(1, 64 << 20)).Select(chunk => chunk.Length).ToList();

        lengths.SkipLast(1).ShouldAllBe(length => length >= Chunker.MinLength && length <= Chunker.MaxLength);
        lengths.Average().ShouldBeInRange(800 * 1024, 1400 * 1024);
    }

    [Fact]
    public void AnInsertionChangesTheChunksAroundItAlone()
    {
        byte[] old = Room.RandomBytes(2, 64 << 20);
        byte[] changed = [.. old.AsSpan(0, 20_000_000), .. Room.RandomBytes(3, 1024), .. old.AsSpan(20_000_000)];

        var known = Cut(Keyed, old).Select(chunk => BlobId.Of(old.AsSpan(chunk.Offset, chunk.Length))).ToHashSet();
        int added = Cut(Keyed, changed).Count(chunk => !known.Contains(BlobId.Of(changed.AsSpan(chunk.Offset, chunk.Length))));

        added.ShouldBeInRange(1, 4);
        known.Count.ShouldBeGreaterThan(40);
    }

    [Fact]
    public void AnotherKeyCutsElsewhere()
    {
        byte[] data = Room.RandomBytes(4, 32 << 20);
        var other = new Chunker(new ChunkingKey(Room.RandomBytes(5, 32)));

        Cut(Keyed, data).Select(chunk => chunk.Offset).Intersect(Cut(other, data).Select(chunk => chunk.Offset)).ShouldBe([0]);
    }

    [Fact]
    public void ContentWithoutVarietyIsCutAtTheGreatestLength()
    {
        // A constant byte settles the hash within 64 bytes; with this key it never matches.
        Cut(Keyed, new byte[10 << 20]).Select(chunk => chunk.Length).ShouldBe([Chunker.MaxLength, Chunker.MaxLength, 2 << 20]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(Chunker.MinLength - 1)]
    [InlineData(Chunker.MinLength)]
    public void ContentUpToTheLeastLengthIsOneChunk(int length) => Keyed.FindBoundary(Room.RandomBytes(6, length)).ShouldBe(length);

    [Fact]
    public void TheUnrolledScanFindsWhatThePlainDefinitionFinds()
    {
        ulong[] gear = Room.Key.DeriveGear();
        for (int seed = 10; seed < 13; seed++)
        {
            byte[] data = Room.RandomBytes(seed, (5 << 20) + seed);
            var chunks = Cut(Keyed, data);
            foreach (var (offset, length) in chunks) PlainBoundary(data.AsSpan(offset), gear).ShouldBe(length);
        }
    }

    [Fact]
    public void TheGearFollowsFromTheKeyForEver()
    {
        // Frozen: another table would make every participant store every chunk again.
        var gear = Room.Key.DeriveGear();

        gear.Distinct().Count().ShouldBe(256);
        gear[0].ShouldBe(FrozenFirst);
        gear[255].ShouldBe(FrozenLast);
    }

    private const ulong FrozenFirst = 641043857660016570;
    private const ulong FrozenLast = 8332704459782258829;

    [Fact]
    public void BytesThatArriveInPiecesAreCutLikeTheWhole()
    {
        byte[] data = [.. Room.RandomBytes(21, 24_000_000), .. new byte[9_000_000], .. Room.RandomBytes(22, 3_000_000)];
        var whole = Cut(Keyed, data);
        for (int seed = 0; seed < 5; seed++)
        {
            var random = new Random(seed);
            var pieces = new List<(int, int)>();
            int start = 0;
            int end = 0;
            var search = default(BoundarySearch);
            while (end < data.Length)
            {
                // The first time each piece ends a little before the next boundary, so that it is found by what was seen in the piece before it.
                end = seed == 0 ? NextBefore(whole, end, distance: 20) : Math.Min(data.Length, end + random.Next(1, seed == 1 ? 100_000 : 3_000_000));
                while (Keyed.FindBoundary(data.AsSpan(start, end - start), ref search) is >= 0 and var length)
                {
                    pieces.Add((start, length));
                    start += length;
                    search = default;
                }
            }
            if (start < data.Length) pieces.Add((start, data.Length - start));
            pieces.ShouldBe(whole);
        }
    }

    private static int NextBefore(List<(int Offset, int Length)> chunks, int end, int distance)
    {
        int next = chunks.Select(chunk => chunk.Offset + chunk.Length - distance).FirstOrDefault(before => before > end);
        return next > 0 ? next : chunks[^1].Offset + chunks[^1].Length;
    }

    /// <summary>The definition of docs/formats/chunks.md, byte by byte.</summary>
    private static int PlainBoundary(ReadOnlySpan<byte> data, ulong[] gear)
    {
        int end = Math.Min(data.Length, Chunker.MaxLength);
        ulong hash = 0;
        for (int i = Chunker.MinLength - 64; i < end; i++)
        {
            hash = unchecked((hash << 1) + gear[data[i]]);
            int highZeros = i < Chunker.AverageLength ? 22 : 18;
            if (i >= Chunker.MinLength && hash >> (64 - highZeros) == 0) return i + 1;
        }
        return end;
    }

    private static List<(int Offset, int Length)> Cut(Chunker chunker, byte[] data)
    {
        var chunks = new List<(int, int)>();
        for (int offset = 0; offset < data.Length;)
        {
            int length = chunker.FindBoundary(data.AsSpan(offset));
            chunks.Add((offset, length));
            offset += length;
        }
        return chunks;
    }
}
