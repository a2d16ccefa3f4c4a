using System.Collections.Concurrent;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// The systematic code of zfec: a segment is cut into k equal pieces, which are the primary blocks 0 to k-1 as they are, and n-k secondary blocks are computed, so that any
/// k blocks give the segment back (tahoe-immutable, section 4). Immutable, and safe for concurrent use.
/// </summary>
internal sealed unsafe class ErasureCode
{
    /// <summary>A flood of parameters costs computing matrices again, never memory.</summary>
    private const int MaxKept = 64;

    private static readonly ConcurrentDictionary<(int K, int N), ErasureCode> Kept = new();

    private readonly byte[] _matrix;

    private ErasureCode(int k, int n)
    {
        (K, N) = (k, n);
        _matrix = Interpolation.Matrix([.. Enumerable.Range(0, k)], [.. Enumerable.Range(k, n - k)]);
    }

    internal int K { get; }

    internal int N { get; }

    /// <exception cref="ArgumentOutOfRangeException">Not 1 ≤ k ≤ n ≤ 256.</exception>
    internal static ErasureCode For(int k, int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(n, k);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(n, Interpolation.MaxPoints);
        if (Kept.TryGetValue((k, n), out var known))
        {
            return known;
        }

        if (Kept.Count >= MaxKept)
        {
            Kept.Clear();
        }

        return Kept.GetOrAdd((k, n), new ErasureCode(k, n));
    }

    /// <summary>The factors of the pieces in a secondary block.</summary>
    internal ReadOnlySpan<byte> RowOf(int block) => _matrix.AsSpan((block - K) * K, K);

    /// <summary>Computes some of the secondary blocks. (With k = 1 they all equal the segment, and need no computing.)</summary>
    /// <param name="segment">The k pieces, one behind the other: padded to a multiple of k.</param>
    /// <param name="first">Number of the first block wanted, from k.</param>
    /// <param name="count">How many blocks are wanted.</param>
    /// <param name="blocks">Gets them, one behind the other. Must not overlap the segment.</param>
    /// <param name="combiner">Null takes the fastest of this processor.</param>
    internal void Encode(ReadOnlySpan<byte> segment, int first, int count, Span<byte> blocks, LinearCombiner? combiner = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(first, K);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(first + count, N);
        var size = Math.DivRem(segment.Length, K, out var remainder);
        if (remainder != 0 || blocks.Length != (long)count * size)
        {
            throw new ArgumentException("The segment must have k pieces, and there must be room for exactly the wanted blocks.", nameof(segment));
        }

        combiner ??= LinearCombiner.Best;
        var step = LinearCombiner.StepFor(K);
        fixed (byte* pieces = segment, made = blocks, factors = _matrix.AsSpan((first - K) * K))
        {
            for (var at = 0; at < size; at += step)
            {
                combiner.Combine(new Strip(pieces + at, size, K), factors, new Strip(made + at, size, count), Math.Min(step, size - at));
            }
        }
    }
}
