using MagicFolder.Grid.Servers;

namespace MagicFolder.Grid;

/// <summary>What servers have shown, in answer to a request, of the beginnings of the shares that they have: what a test compares. Safe for concurrent use.</summary>
internal sealed class ShownShares
{
    private readonly Dictionary<string, ReadTestWriteResult> _answers = new(StringComparer.Ordinal);
    private readonly Lock _lock = new();

    /// <param name="server">Who answered.</param>
    /// <param name="answer">Its first read vector is that of the checkstring.</param>
    public void Add(NamedServer server, ReadTestWriteResult answer)
    {
        lock (_lock)
        {
            _answers[server.Name] = answer;
        }
    }

    /// <summary>False if the server was not asked; true with nothing in <paramref name="shown"/> if it has no such share.</summary>
    public bool TryGet(NamedServer server, int number, out ReadOnlyMemory<byte> shown)
    {
        shown = default;
        lock (_lock)
        {
            if (!_answers.TryGetValue(server.Name, out var answer))
            {
                return false;
            }

            if (answer.Data.TryGetValue(number, out var reads))
            {
                shown = reads[0];
            }

            return true;
        }
    }
}
