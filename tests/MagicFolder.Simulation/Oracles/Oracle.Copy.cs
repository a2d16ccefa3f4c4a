using MagicFolder.Simulation.Disks;

namespace MagicFolder.Simulation.Oracles;

internal sealed partial class Oracle
{
    /// <summary>What this oracle knows, over copies of its folders. Whatever either learns later the other does not.</summary>
    public Oracle Copy(IReadOnlyList<MemoryTree> folders, Action<string> trace)
    {
        var copy = new Oracle(folders, trace);
        foreach (var made in _events) copy._events.Add(made.CopyAlone());
        foreach (var made in _events)
            foreach (var succession in made.Successors) copy._events[made.Id].Successors.Add(new Succession(Copied(succession.By), succession.Certain));
        foreach (var (logical, events) in _byLogical) copy._byLogical.Add(logical, [.. events.Select(Copied)]);
        copy._written.UnionWith(_written);
        copy._orphans.UnionWith(_orphans);
        copy._shownAgain.UnionWith(_shownAgain);
        for (int i = 0; i < _watches.Length; i++) _watches[i].CopyTo(copy._watches[i], Copied);
        return copy;

        UserEvent Copied(UserEvent made) => copy._events[made.Id];
    }

    /// <summary>A number that grows with every event that a participant comes to know.</summary>
    public int KnownTo(int participant) => _watches[participant].Known.Count;
}
