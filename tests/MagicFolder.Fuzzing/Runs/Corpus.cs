using System.Security.Cryptography;
using System.Text;
using MagicFolder.Fuzzing.Targets;

namespace MagicFolder.Fuzzing.Runs;

/// <summary>The inputs that showed something new, the smallest for each thing; later inputs are made from them.</summary>
internal sealed class Corpus
{
    /// <summary>What is kept in the repository stays small: bytes of one input, and of all inputs of a target.</summary>
    private const int LargestKept = 2048;

    private const int KeptForTarget = 14 * 1024;

    private const int Largest = 4096;

    private readonly Dictionary<string, int> _numbers = [];
    private readonly List<byte[]> _inputs = [];

    public int Count => _inputs.Count;

    public byte[] Pick(Random random) => _inputs[random.Next(_inputs.Count)];

    /// <summary>The committed inputs of a target, in a fixed order.</summary>
    public static IEnumerable<byte[]> Committed(FuzzTarget target)
    {
        string directory = Path.Combine(AppContext.BaseDirectory, "Corpus", target.Name);
        return Directory.Exists(directory) ? Directory.EnumerateFiles(directory).Order(StringComparer.Ordinal).Select(File.ReadAllBytes) : [];
    }

    public void Offer(string outcome, byte[] input)
    {
        if (_numbers.TryGetValue(outcome, out int number))
        {
            if (input.Length < _inputs[number].Length) _inputs[number] = input;
        }
        else if (_inputs.Count < Largest)
        {
            _numbers.Add(outcome, _inputs.Count);
            _inputs.Add(input);
        }
    }

    /// <summary>Writes as many as may be committed, the smallest first.</summary>
    public void Write(string directory, FuzzTarget target)
    {
        string place = Directory.CreateDirectory(Path.Combine(directory, target.Name)).FullName;
        int written = 0;
        foreach (var (outcome, number) in _numbers.OrderBy(pair => _inputs[pair.Value].Length).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var input = _inputs[number];
            written += input.Length;
            if (input.Length > LargestKept || written > KeptForTarget) return;
            string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(outcome)).AsSpan(0, 6));
            File.WriteAllBytes(Path.Combine(place, name), input);
        }
    }
}
