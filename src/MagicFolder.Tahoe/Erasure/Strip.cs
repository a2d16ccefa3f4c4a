namespace MagicFolder.Tahoe.Erasure;

/// <summary>The same positions of several blocks that stand in memory at equal distances.</summary>
/// <param name="start">The first position of the first block.</param>
/// <param name="distance">From a block to the next, in bytes.</param>
/// <param name="count">Of blocks.</param>
internal readonly unsafe struct Strip(byte* start, nint distance, int count)
{
    internal byte* Start => start;

    internal nint Distance => distance;

    internal int Count => count;

    internal Strip From(int block) => new(start + (block * distance), distance, count - block);

    internal byte* Block(int number) => start + (number * distance);
}
