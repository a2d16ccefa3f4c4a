using System.Text;
using System.Text.Json;
using MagicFolder.Model.Paths;

namespace MagicFolder.Model.Ignoring;

/// <summary>Random patterns and paths, with what git says of them (tests/fixtures/gitignore/README.md).</summary>
public sealed class KnownAnswersTests
{
    [Fact]
    public void PatternsMeanWhatTheyMeanToGit()
    {
        using var answers = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "gitignore", "answers.json")));
        var wrong = new List<string>();
        int asked = 0;
        foreach (var answer in answers.RootElement.EnumerateArray())
        {
            string text = string.Join('\n', answer.GetProperty("patterns").EnumerateArray().Select(pattern => pattern.GetString()));
            var rules = IgnoreRules.Parse((IgnoreSource.Shared, Encoding.UTF8.GetBytes(text)));
            foreach (bool ignored in new[] { true, false })
            {
                foreach (string path in answer.GetProperty(ignored ? "ignored" : "not").EnumerateArray().Select(path => path.GetString()!))
                {
                    asked++;
                    if (rules.Covers(RelativePath.Parse(path.TrimEnd('/')), path.EndsWith('/')) != ignored) wrong.Add($"{path}: {text.Replace('\n', '|')}");
                }
            }
        }
        wrong.ShouldBeEmpty();
        asked.ShouldBeGreaterThan(3000);
    }
}
