using System.Text.RegularExpressions;

namespace MagicFolder.Architecture.Tests.Reading;

/// <summary>Which namespaces of the product name which others of the same room, by their <c>using</c> lines.</summary>
internal sealed partial class NamespaceGraph
{
    private readonly Dictionary<string, HashSet<string>> _uses = new(StringComparer.Ordinal);

    internal static NamespaceGraph Of(IEnumerable<string> sources)
    {
        var graph = new NamespaceGraph();
        foreach (string source in sources) graph.Add(source);
        return graph;
    }

    /// <summary>Those that reach themselves, sorted.</summary>
    internal IEnumerable<string> InCircles() => _uses.Keys.Where(start => Reachable(start).Contains(start)).Order(StringComparer.Ordinal);

    private void Add(string source)
    {
        if (Declaration().Match(source) is not { Success: true } declaration) return;
        string name = declaration.Groups["name"].Value;
        if (!_uses.TryGetValue(name, out var uses)) _uses.Add(name, uses = new(StringComparer.Ordinal));
        foreach (Match match in Using().Matches(source))
        {
            string other = match.Groups["name"].Value;
            if (RoomOf(other) == RoomOf(name) && !IsAround(other, name) && !IsAround(name, other)) uses.Add(other);
        }
    }

    private HashSet<string> Reachable(string start)
    {
        var reached = new HashSet<string>(StringComparer.Ordinal);
        var open = new Stack<string>([start]);
        while (open.TryPop(out string? next))
            foreach (string other in _uses.GetValueOrDefault(next) ?? [])
                if (reached.Add(other)) open.Push(other);
        return reached;
    }

    private static string RoomOf(string name) => name.Split('.')[1];

    private static bool IsAround(string outer, string inner) => outer == inner || inner.StartsWith(outer + ".", StringComparison.Ordinal);

    [GeneratedRegex(@"^namespace (?<name>MagicFolder[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^using (?:static )?(?<name>MagicFolder\.[\w.]+);", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Using();
}
