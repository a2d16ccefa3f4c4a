namespace MagicFolder.Model.Snapshots;

/// <summary>
/// How long snapshots stay, beyond the <see cref="Newest"/>, which always do. Days are those of UTC, and the middle one of the newest, by their times, is in the first of them.
/// </summary>
public sealed record RetentionRule
{
    /// <summary>As many as a rule takes: a hundred years.</summary>
    public const int MostDays = 36_525;

    /// <param name="allOfDays">Every snapshot of so many days stays, of these at most the newest <see cref="HistoryRetention.MostInFull"/>; 0 for none.</param>
    /// <param name="dropAfterDays">Snapshots that are older than so many days go, from 1; null for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public RetentionRule(int allOfDays, int? dropAfterDays)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(allOfDays);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(allOfDays, MostDays);
        if (dropAfterDays is < 1 or > MostDays) throw new ArgumentOutOfRangeException(nameof(dropAfterDays));
        (AllOfDays, DropAfterDays) = (allOfDays, dropAfterDays);
    }

    /// <summary>Only thinned with age, and nothing dropped.</summary>
    public static RetentionRule Default { get; } = new(0, null);

    /// <summary>How many of the newest stay whatever their times. What others have read of a head a moment ago is needed still, so few are dangerous. A clock has to be wrong for half of them before it ages the others.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not from 1 to <see cref="HistoryRetention.Most"/>.</exception>
    public int Newest
    {
        get;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, HistoryRetention.Most);
            field = value;
        }
    } = HistoryRetention.Newest;

    public int AllOfDays { get; }

    public int? DropAfterDays { get; }
}
