using MagicFolder.Tahoe.Erasure;

namespace MagicFolder.Tahoe.Immutable;

/// <summary>k shares with different numbers from which segments are read: each primary one in its own slot. Immutable.</summary>
internal sealed class ChkSelection
{
    internal ChkSelection(IEnumerable<ChkCandidate> chosen)
    {
        var ascending = chosen.OrderBy(candidate => candidate.Number).ToArray();
        Slots = Array.ConvertAll(ErasureDecoding.Arrange(Array.ConvertAll(ascending, candidate => candidate.Number)), i => ascending[i]);
        var numbers = Array.ConvertAll(Slots, candidate => candidate.Number);

        // With k = 1 every block is the segment.
        Decoding = numbers.Length > 1 && numbers.Where((number, slot) => number != slot).Any() ? new ErasureDecoding(numbers) : null;
        IsDoubtful = Slots.Any(candidate => candidate.Trouble?.Damage is not null);
    }

    internal ChkCandidate[] Slots { get; }

    /// <summary>Null when the blocks are the segment as they are.</summary>
    internal ErasureDecoding? Decoding { get; }

    /// <summary>One of the shares was already seen to be damaged.</summary>
    internal bool IsDoubtful { get; }
}
