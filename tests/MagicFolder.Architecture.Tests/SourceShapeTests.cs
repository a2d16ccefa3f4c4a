using System.Text.RegularExpressions;
using MagicFolder.Architecture.Tests.Reading;

namespace MagicFolder.Architecture.Tests;

public sealed partial class SourceShapeTests
{
    private const int MaxLines = 400;

    [Fact]
    public void NoFileHoldsMoreThanOneRoomCanTell() =>
        Repository.Files("src", ".cs").Where(file => File.ReadLines(file).Count() > MaxLines).Select(Repository.Relative).ShouldBeEmpty();

    /// <summary>An enum, a record or an exception may stand beside the type that it belongs to.</summary>
    [Fact]
    public void AFileHoldsOnePublicTypeThatDoesSomething() =>
        Repository.Files("src", ".cs").Where(file => PublicTypes(File.ReadAllText(file)).Count > 1).Select(Repository.Relative).ShouldBeEmpty();

    [Fact]
    public void TypesAreToldFromValuesBesideThem() =>
        PublicTypes(
            """
            public interface IOne
            public sealed partial class Two(int x) : IOne
            public enum Three
            public readonly record struct Four(int X);
            public sealed class FiveException : Exception
            internal sealed class Six
                public sealed class Nested
            """).ShouldBe(["IOne", "Two"]);

    private static List<string> PublicTypes(string source) =>
        [.. Declaration().Matches(source).Select(match => match.Groups["name"].Value).Where(name => !name.EndsWith("Exception", StringComparison.Ordinal))];

    [GeneratedRegex(@"^public (?:(?:static|sealed|abstract|partial|readonly|ref) )*(?:class|interface|struct) (?<name>\w+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();
}
