using System.Buffers;

namespace MagicFolder.Tahoe.Erasure;

/// <summary>
/// Brings back a segment of which k particular blocks are there; the matrix is computed once. Immutable, and safe for concurrent use.
/// </summary>
internal sealed unsafe class ErasureDecoding
{
    private readonly int _k;
    private readonly int[] _missing;
    private readonly byte[] _matrix;

    /// <param name="blockInSlot">Which block stands in each of the k slots of the segment: a primary one in its own, any secondary ones in the others.</param>
    /// <exception cref="ArgumentException">A primary block in another slot than its own, a block twice, or a number beyond 255.</exception>
    internal ErasureDecoding(ReadOnlySpan<int> blockInSlot)
    {
        _k = blockInSlot.Length;
        var missing = new List<int>();
        var seen = new HashSet<int>();
        for (var slot = 0; slot < _k; slot++)
        {
            var block = blockInSlot[slot];
            if (block is < 0 or >= Interpolation.MaxPoints || (block < _k && block != slot) || !seen.Add(block))
            {
                throw new ArgumentException("A primary block stands in its own slot, and no block stands in two.", nameof(blockInSlot));
            }

            if (block != slot)
            {
                missing.Add(slot);
            }
        }

        _missing = [.. missing];
        _matrix = Interpolation.Matrix(blockInSlot, _missing);
    }

    /// <summary>Puts k blocks into slots.</summary>
    /// <param name="numbers">k different numbers of blocks, in ascending order.</param>
    /// <returns>For each slot an index of <paramref name="numbers"/>.</returns>
    internal static int[] Arrange(ReadOnlySpan<int> numbers)
    {
        var slots = new int[numbers.Length];
        Array.Fill(slots, -1);
        var free = 0;
        for (var i = 0; i < numbers.Length; i++)
        {
            // Ascending: the primary blocks have all taken their slots before the first secondary one looks for a free one.
            free = numbers[i] < slots.Length ? free : Array.IndexOf(slots, -1, free);
            slots[numbers[i] < slots.Length ? numbers[i] : free] = i;
        }

        return slots;
    }

    /// <summary>Turns the secondary blocks in a segment into the pieces that belong into their places. Primary blocks are not touched.</summary>
    /// <param name="segment">k slots of equal size, one behind the other.</param>
    /// <param name="combiner">Null takes the fastest of this processor.</param>
    internal void Decode(Span<byte> segment, LinearCombiner? combiner = null)
    {
        var size = Math.DivRem(segment.Length, _k, out var remainder);
        if (remainder != 0)
        {
            throw new ArgumentException("The slots must be of equal size.", nameof(segment));
        }

        if (_missing.Length == 0)
        {
            return;
        }

        combiner ??= LinearCombiner.Best;
        var step = Math.Min(LinearCombiner.StepFor(_k), size);
        var scratch = ArrayPool<byte>.Shared.Rent(Math.Max(1, step * _missing.Length));
        fixed (byte* slots = segment, made = scratch, factors = _matrix)
        {
            // All positions of a step are read before one of them is overwritten, so decoding in place is safe.
            for (var at = 0; at < size; at += step)
            {
                var take = Math.Min(step, size - at);
                combiner.Combine(new Strip(slots + at, size, _k), factors, new Strip(made, step, _missing.Length), take);
                for (var t = 0; t < _missing.Length; t++)
                {
                    new ReadOnlySpan<byte>(made + (t * step), take).CopyTo(segment.Slice((_missing[t] * size) + at, take));
                }
            }
        }

        ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
    }
}
