using System.Text;
using MagicFolder.Simulation.Clocks;

namespace MagicFolder.Simulation.Users;

/// <summary>
/// What users write: mostly tokens that occur once in a run, so that every version can be recognized, all of one length, so that sizes tell nothing;
/// sometimes one of a few common contents; rarely a large one, cut into several chunks.
/// </summary>
internal sealed class Contents(SeededRandom random, double common)
{
    private int _count;

    /// <summary>Where a symbolic link points; null for one of the usual targets.</summary>
    public string? NextTarget() => random.Chance(0.5) ? $"t{++_count:0000}" : null;

    public byte[] Next()
    {
        if (random.Chance(common)) return Encoding.UTF8.GetBytes("same" + random.Below(2));
        string token = $"v{++_count:0000}";
        return Encoding.UTF8.GetBytes(random.Chance(0.01) ? string.Concat(Enumerable.Repeat(token, 40_000)) : token);
    }
}
