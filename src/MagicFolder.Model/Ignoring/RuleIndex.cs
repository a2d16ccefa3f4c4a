using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MagicFolder.Model.Ignoring;

/// <summary>
/// Which rules are worth trying on a path: those that the first and the last byte of its name allow. Most names are then settled by two look-ups for every 64 rules.
/// </summary>
internal sealed class RuleIndex
{
    private const int Bytes = 256;

    // A bit for each rule, in words of 64; one row for each byte.
    private readonly ulong[] _byFirst;
    private readonly ulong[] _byLast;
    private readonly int _words;

    internal RuleIndex(ImmutableArray<IgnoreRule> rules)
    {
        _words = (rules.Length + 63) / 64;
        _byFirst = new ulong[Bytes * _words];
        _byLast = new ulong[Bytes * _words];
        for (int rule = 0; rule < rules.Length; rule++)
        {
            var name = rules[rule].Pattern!.LastName;
            for (int value = 0; value < Bytes; value++)
            {
                if (name.MayBeginWith((byte)value)) _byFirst[Word(value, rule)] |= 1UL << (rule % 64);
                if (name.MayEndWith((byte)value)) _byLast[Word(value, rule)] |= 1UL << (rule % 64);
            }
        }
    }

    /// <summary>The greatest number below <paramref name="before"/> of a rule that may match a path whose last name is this; -1 if there is none.</summary>
    internal int Previous(ReadOnlySpan<byte> name, int before)
    {
        if (name.IsEmpty) return before - 1;
        for (int word = (before - 1) >> 6; word >= 0; word--)
        {
            ulong candidates = _byFirst[(name[0] * _words) + word] & _byLast[(name[^1] * _words) + word];
            int above = before - (word * 64);
            if (above < 64) candidates &= (1UL << above) - 1;
            if (candidates != 0) return (word * 64) + Highest(candidates);
        }
        return -1;
    }

    // By itself: what uses an instruction that not every processor has is compiled when the program runs, and only this need be.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Highest(ulong candidates) => BitOperations.Log2(candidates);

    private int Word(int value, int rule) => (value * _words) + (rule / 64);
}
