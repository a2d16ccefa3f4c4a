using MagicFolder.Tahoe.Erasure;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>k shares with different numbers from which segments are read: each primary one in its own slot. Immutable.</summary>
internal sealed class ChkSelection
{
    internal ChkSelection(ChkCandidate[] chosen)
    {
        Slots = chosen;
        if (chosen.Length > 1)
        {
            Array.Sort(chosen, (left, right) => left.Number.CompareTo(right.Number));
            Slots = Array.ConvertAll(ErasureDecoding.Arrange(Array.ConvertAll(chosen, candidate => candidate.Number)), i => chosen[i]);
            var numbers = Array.ConvertAll(Slots, candidate => candidate.Number);
            Decoding = numbers.Where((number, slot) => number != slot).Any() ? new ErasureDecoding(numbers) : null;
        }

        IsDoubtful = Array.Exists(chosen, candidate => candidate.Trouble?.Damage is not null);
    }

    internal ChkCandidate[] Slots { get; }

    /// <summary>Null when the blocks are the segment as they are: those of the primary shares, or with k = 1 any.</summary>
    internal ErasureDecoding? Decoding { get; }

    /// <summary>One of the shares was already seen to be damaged.</summary>
    internal bool IsDoubtful { get; }
}
