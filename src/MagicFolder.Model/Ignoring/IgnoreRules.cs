using System.Collections.Immutable;
using System.Text;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Ignoring;

/// <summary>
/// What a participant leaves alone: it is neither looked at nor put in place here. Of all patterns that match a path the last decides; what is in an ignored directory is ignored, whatever
/// they say (as in gitignore). Immutable.
/// </summary>
public sealed class IgnoreRules
{
    /// <summary>Rules that may be given in all; more are no rules but an attack on everybody's time.</summary>
    public const int Most = 2000;

    private readonly ImmutableArray<IgnoreRule> _effective;
    private readonly RuleIndex _index;

    private IgnoreRules(ImmutableArray<IgnoreRule> rules)
    {
        Rules = rules;
        _effective = [.. rules.Where(rule => rule.Pattern is not null)];
        _index = new RuleIndex(_effective);
    }

    /// <summary>Nothing is ignored.</summary>
    public static IgnoreRules None { get; } = new([]);

    /// <summary>The name of the file, in the root of the folder, that all participants share. It is never ignored itself.</summary>
    public static RelativePath SharedFile { get; } = RelativePath.Parse(".magicignore");

    /// <summary>In order, those that make no sense among them.</summary>
    public ImmutableArray<IgnoreRule> Rules { get; }

    /// <exception cref="DamagedBytesException">More than <see cref="Most"/> (TooLarge).</exception>
    public static IgnoreRules Parse(params IEnumerable<(IgnoreSource Source, ReadOnlyMemory<byte> Text)> sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var rules = ImmutableArray.CreateBuilder<IgnoreRule>();
        foreach (var (source, text) in sources)
        {
            var bytes = text.Span;
            if (bytes.StartsWith("\uFEFF"u8)) bytes = bytes[3..];
            int number = 0;
            foreach (var range in bytes.Split((byte)'\n'))
            {
                number++;
                var pattern = IgnorePattern.Parse(bytes[range], out bool isFault);
                if (pattern is null && !isFault) continue;
                if (rules.Count == Most) throw new DamagedBytesException(DamageReason.TooLarge, $"There are more than {Most} rules of what to ignore.");
                rules.Add(new IgnoreRule(source, number, Encoding.UTF8.GetString(bytes[range]).TrimEnd('\r'), isFault) { Pattern = pattern });
            }
        }
        return new IgnoreRules(rules.ToImmutable());
    }

    /// <summary>For a walk, which does not go into what is ignored: the path alone.</summary>
    public bool Ignores(RelativePath path, bool isDirectory) => Ignores(path.Key, isDirectory);

    /// <summary>Is it ignored, or in a directory that is?</summary>
    public bool Covers(RelativePath path, bool isDirectory) => Deciding(path, isDirectory) is not null;

    /// <summary>The rule by which it, or a directory that it is in, is ignored; null if it is not.</summary>
    public IgnoreRule? Deciding(RelativePath path, bool isDirectory)
    {
        if (_effective.IsEmpty) return null;
        var key = path.Key;
        for (int end = 0; end < key.Length;)
        {
            int next = key[end..].IndexOf((byte)0);
            bool isLast = next < 0;
            var part = isLast ? key : key[..(end + next)];
            if (Last(part, !isLast || isDirectory) is { Pattern.IsNegated: false } rule) return rule;
            end = isLast ? key.Length : end + next + 1;
        }
        return null;
    }

    private bool Ignores(ReadOnlySpan<byte> key, bool isDirectory) => Last(key, isDirectory) is { Pattern.IsNegated: false };

    private IgnoreRule? Last(ReadOnlySpan<byte> key, bool isDirectory)
    {
        if (key.SequenceEqual(SharedFile.Key)) return null;
        var name = key[(key.LastIndexOf((byte)0) + 1)..];
        for (int i = _index.Previous(name, _effective.Length); i >= 0; i = _index.Previous(name, i))
            if (_effective[i].Pattern!.Matches(key, isDirectory)) return _effective[i];
        return null;
    }
}
