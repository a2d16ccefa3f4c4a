using System.Collections.Immutable;
using MagicFolder.Model;

namespace MagicFolder.Sync.History;

/// <summary>All snapshots that can be read.</summary>
/// <param name="Snapshots">Newest first: none stands above one whose maker had seen it, and those of one participant stand in the order in which it published them, whatever the clocks said.</param>
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

    /// <summary>The newest snapshot that the participant had published at that time, milliseconds since the epoch. Where its clock was wrong, that is rather an older one.</summary>
    /// <exception cref="RefusedException">Nothing that old can be had.</exception>
    public LoggedSnapshot At(string participant, long timeMs)
    {
        var times = TimesFor(participant);
        var own = Snapshots.Where(snapshot => snapshot.Participant == participant).ToArray();
        return own.FirstOrDefault(snapshot => times.Of(snapshot) <= timeMs)
            ?? throw new RefusedException(own.Length == 0
                ? $"{participant} has published nothing yet."
                : $"Nothing of {participant} is that old; the oldest version that can be had is {own[^1].ShownVersion}.");
    }

    /// <summary>Merges the histories of participants, each newest first, into one.</summary>
    internal static ImmutableArray<LoggedSnapshot> Merge(IEnumerable<IReadOnlyList<LoggedSnapshot>> histories) => CausalOrder.NewestFirst(histories);

    /// <summary>When they were made, in the time of this participant.</summary>
    internal BelievedTimes TimesFor(string participant) => new(Snapshots, participant);
}
