namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>
    /// A user who removes a conflict file decides for what stands under the path's own name. Two who decide for different versions at the same time are in conflict again; what they decided for is
    /// lost by nobody.
    /// </summary>
    /// <param name="removal">Of the conflict file.</param>
    /// <param name="value">What stands under the path's own name, before and after.</param>
    private void Decide(UserEvent removal, string value)
    {
        var watch = _watches[removal.Participant];
        string place = removal.Logical;
        var here = At(place);
        var against = here.FindAll(e => e.Successors.Exists(s => ReferenceEquals(s.By, removal)));
        var candidates = here.FindAll(e => e.Value == value && watch.Known.Contains(e));
        var own = watch.Last.GetValueOrDefault(place);
        // What has the name of a conflict file may be an ordinary file. And what the engine touches in this moment may not be there for it.
        bool certain = !watch.Unrecovered && !watch.IsTouched(removal.Place) && !watch.IsTouched(place) && !_orphans.Contains((removal.Logical, against.FirstOrDefault()?.Value ?? ""))
            && against.Count > 0 && candidates.Count > 0
            && against.TrueForAll(e => e.Participant != removal.Participant && e.Place == place && e is { IsLate: false, LocalOnly: false });
        var made = new UserEvent(_events.Count, removal.Participant, place, place, value) { DecidedAt = removal.Place, Weak = !certain };
        if (certain)
        {
            foreach (var earlier in candidates) earlier.Successors.Add(new Succession(made, IsInFront(watch, earlier, candidates, own)));
            watch.Last[place] = made;
        }
        _events.Add(made);
        here.Add(made);
        watch.Known.Add(made);
        watch.Heard.Add(made);
        _trace($"    {Letter(removal.Participant)} user {made}, by removing {removal.Place}{(made.Weak ? " weak" : "")}");
    }

    /// <summary>Did the user surely have this one in front of them? Equal contents made by several users cannot be told apart by looking: then only the user's own is certain.</summary>
    private static bool IsInFront(Watch watch, UserEvent earlier, List<UserEvent> candidates, UserEvent? own) =>
        ReferenceEquals(earlier, own) || (!IsRenewed(watch, earlier) && candidates.Count(e => !IsRenewed(watch, e)) == 1);

    private static bool IsRenewed(Watch watch, UserEvent made) => made.IsRenewedBy(watch.Heard.Contains);

    /// <summary>The engine may rightly not know of a decision: then what it was for has the life that it had without.</summary>
    private void Doubt(UserEvent decision)
    {
        decision.Weak = true;
        foreach (var earlier in At(decision.Logical).Where(e => e.Value == decision.Value)) earlier.Successors.RemoveAll(s => ReferenceEquals(s.By, decision));
    }

    /// <summary>Where the engine puts another version in the place of what a user decides for in that moment, only what they decided against counts.</summary>
    private void DoubtIfSwapped(UserEvent last, string? now)
    {
        if (last.DecidedAt is not null && last.Value != now) Doubt(last);
    }
}
