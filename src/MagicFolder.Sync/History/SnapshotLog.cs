using System.Collections.Immutable;
using MagicFolder.Model;

namespace MagicFolder.Sync.History;

/// <summary>All snapshots that can be read.</summary>
/// <param name="Snapshots">Newest first; those of one participant in the order in which it published them, whatever its clock said.</param>
/// <param name="Problems">Whose history could not be read, and why.</param>
public sealed record SnapshotLog(ImmutableArray<LoggedSnapshot> Snapshots, ImmutableArray<Problem> Problems)
{
    /// <summary>Fewer digits than this are too easily mistyped.</summary>
    private const int FewestDigits = 4;

    /// <exception cref="RefusedException">None, or several.</exception>
    public LoggedSnapshot Find(string version)
    {
        string digits = version.Trim().ToLowerInvariant();
        if (digits.Length < FewestDigits || !digits.All(char.IsAsciiHexDigit))
            throw new RefusedException($"'{version}' is no version id; these are the hexadecimal numbers that 'magic-folder history' lists.");
        var found = Snapshots.Where(snapshot => snapshot.Version.StartsWith(digits, StringComparison.Ordinal)).ToArray();
        return found.Length switch
        {
            1 => found[0],
            0 => throw new RefusedException($"There is no version {version}; 'magic-folder history' lists those that can be had."),
            _ => throw new RefusedException($"Several versions begin with {version}; give more digits: {string.Join(", ", found.Select(snapshot => snapshot.ShownVersion))}"),
        };
    }

    /// <summary>The newest snapshot that the participant had published at that time, milliseconds since the epoch.</summary>
    /// <exception cref="RefusedException">Nothing that old can be had.</exception>
    public LoggedSnapshot At(string participant, long timeMs)
    {
        var own = Snapshots.Where(snapshot => snapshot.Participant == participant).ToArray();
        return own.FirstOrDefault(snapshot => snapshot.TimeMs <= timeMs)
            ?? throw new RefusedException(own.Length == 0
                ? $"{participant} has published nothing yet."
                : $"Nothing of {participant} is that old; the oldest version that can be had is {own[^1].ShownVersion}.");
    }

    /// <summary>Merges the histories of participants, each newest first, into one. A clock that went backwards does not change the order within a history.</summary>
    internal static ImmutableArray<LoggedSnapshot> Merge(IEnumerable<IReadOnlyList<LoggedSnapshot>> histories)
    {
        var placed = new List<(long Time, int History, int Place, LoggedSnapshot Snapshot)>();
        int number = 0;
        foreach (var history in histories)
        {
            long notBefore = long.MinValue;
            for (int i = history.Count - 1; i >= 0; i--)
            {
                notBefore = Math.Max(notBefore, history[i].TimeMs);
                placed.Add((notBefore, number, i, history[i]));
            }
            number++;
        }
        return [.. placed.OrderByDescending(p => p.Time).ThenBy(p => p.History).ThenBy(p => p.Place).Select(p => p.Snapshot)];
    }
}
