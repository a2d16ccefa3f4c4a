using System.Runtime.Intrinsics;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// Computes linear combinations of blocks over the field: the inner loop of encoding and decoding. One for each instruction set; all give the same bytes. Stateless.
/// </summary>
internal abstract unsafe class LinearCombiner
{
    /// <summary>The sources of one step should stay in the cache nearest the core while all combinations of them are computed.</summary>
    private const int CacheBudget = 32 * 1024;

    private const int SmallestStep = 512;
    private const int GreatestStep = 8 * 1024;

    private protected LinearCombiner(string name, bool isSupported) => (Name, IsSupported) = (name, isSupported);

    /// <summary>The fastest first; the last one works everywhere.</summary>
    internal static IReadOnlyList<LinearCombiner> All { get; } =
    [
        new VectorCombiner<Gfni512, Vector512<byte>, Vector512<byte>>("gfni-512", Gfni512.IsSupported),
        new VectorCombiner<Gfni256, Vector256<byte>, Vector256<byte>>("gfni-256", Gfni256.IsSupported),
        new VectorCombiner<Gfni128, Vector128<byte>, Vector128<byte>>("gfni-128", Gfni128.IsSupported),
        new VectorCombiner<Nibbles256, Vector256<byte>, NibbleTables<Vector256<byte>>>("nibbles-256", Nibbles256.IsSupported),
        new VectorCombiner<Nibbles128, Vector128<byte>, NibbleTables<Vector128<byte>>>("nibbles-128", Nibbles128.IsSupported),
        new ScalarCombiner(),
    ];

    internal static LinearCombiner Best { get; } = All.First(combiner => combiner.IsSupported);

    internal string Name { get; }

    /// <summary>Whether this processor has the instructions.</summary>
    internal bool IsSupported { get; }

    /// <summary>How many positions are to be computed at a time of k sources.</summary>
    internal static int StepFor(int k) => Math.Clamp(CacheBudget / k / SmallestStep * SmallestStep, SmallestStep, GreatestStep);

    /// <summary>Made block t, at each position, becomes the sum of all sources j times factor (t, j).</summary>
    /// <param name="sources">The blocks to combine.</param>
    /// <param name="factors">A row of <c>sources.Count</c> for each made block.</param>
    /// <param name="made">Must not overlap the sources.</param>
    /// <param name="length">Number of positions.</param>
    internal abstract void Combine(Strip sources, byte* factors, Strip made, int length);
}
