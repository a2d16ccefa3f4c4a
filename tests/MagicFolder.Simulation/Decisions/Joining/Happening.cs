using MagicFolder.Model.Versions;

namespace MagicFolder.Simulation.Decisions.Joining;

/// <summary>One thing that a user did: a version made (<paramref name="Value"/>) or a deletion (null), and what it follows.</summary>
/// <param name="Path">Which path, by number.</param>
/// <param name="Dot">The version's name; meaningless for a deletion.</param>
/// <param name="Value">What was made.</param>
/// <param name="Follows">The happenings whose results were in front of the user, as bits.</param>
internal sealed record Happening(int Path, Dot Dot, EntryValue? Value, ulong Follows);

/// <summary>
/// The reference: everything that happened, and what each follows. Whoever knows a set of happenings sees the versions in it that nothing in it follows; knowledge is joined by
/// union. It has neither contexts nor trees.
/// </summary>
internal sealed class CausalHistory
{
    private readonly List<Happening> _all = [];

    public int Count => _all.Count;

    /// <summary>Its bit.</summary>
    public ulong Add(Happening happening)
    {
        _all.Add(happening);
        return 1UL << (_all.Count - 1);
    }

    public Happening this[int number] => _all[number];

    /// <summary>The versions of a path that somebody sees who knows all these happenings, as bits.</summary>
    public ulong Visible(ulong known, int path)
    {
        ulong versions = 0;
        ulong followed = 0;
        for (int i = 0; i < _all.Count; i++)
        {
            if ((known >> i & 1) == 0 || _all[i].Path != path) continue;
            followed |= _all[i].Follows;
            if (_all[i].Value is not null) versions |= 1UL << i;
        }
        return versions & ~followed;
    }
}
