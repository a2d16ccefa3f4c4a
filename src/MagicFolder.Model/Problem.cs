using MagicFolder.Model.Paths;

namespace MagicFolder.Model;

/// <summary>
/// Trouble with one path; everything else goes on. <paramref name="Reason"/> is one clause without a full stop ("permission denied"),
/// <paramref name="Advice"/> says what to do about it. <paramref name="Path"/> is text, since a name that is not UTF-8 can be a problem, too.
/// </summary>
public sealed record Problem(string Path, string Reason, string Advice)
{
    public Problem(RelativePath path, string reason, string advice)
        : this(path.ToString(), reason, advice)
    {
    }

    /// <summary>The same trouble, told of the path that the user knows: what fails may be a step on the way to it.</summary>
    public Problem At(RelativePath path) => this with { Path = path.ToString() };

    public override string ToString() => $"{Path}: {Reason}; {Advice}";
}
