"""Trains the churn model: one row per customer in, one model file out."""

import argparse
from pathlib import Path

import joblib
import lightgbm
import mlflow
import pandas
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--customers", required=True, help="CSV file with a column 'churned'")
    parser.add_argument("--learning-rate", type=float, default=0.05)
    parser.add_argument("--model", type=Path, required=True, help="folder that the model goes to")
    args = parser.parse_args()

    customers = pandas.read_csv(args.customers)
    features = customers.drop(columns=["customer_id", "churned"])
    train_x, test_x, train_y, test_y = train_test_split(
        features, customers["churned"], test_size=0.2, stratify=customers["churned"], random_state=0
    )

    model = lightgbm.LGBMClassifier(n_estimators=300, learning_rate=args.learning_rate)
    model.fit(train_x, train_y)
    auc = roc_auc_score(test_y, model.predict_proba(test_x)[:, 1])

    mlflow.log_param("learning_rate", args.learning_rate)
    mlflow.log_metric("auc", auc)
    args.model.mkdir(parents=True, exist_ok=True)
    joblib.dump(model, args.model / "model.joblib")
    print(f"AUC {auc:.3f}")


if __name__ == "__main__":
    main()
